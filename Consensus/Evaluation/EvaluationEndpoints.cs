using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Consensus.Clients;
using Microsoft.AspNetCore.Http.HttpResults;
using Workshop.ServiceDefaults.Errors;

namespace Consensus.Evaluation;

/// <summary><c>GET /evaluation</c>: is the many better than the one?</summary>
internal static class EvaluationEndpoints
{
    internal static void AddEvaluation(this WebApplicationBuilder builder) =>
        builder.Services.AddSingleton<Evaluator>();

    internal static void MapEvaluation(this IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/evaluation", Evaluate)
            .WithTags("Evaluation")
            .WithSummary("Members, their average and the consensus, judged on the same rows")
            .RefusesHops();

    /// <summary>Most members that may be left out at once.</summary>
    private const int MostLeftOut = 32;

    private static async Task<Results<Ok<EvaluationView>, ProblemHttpResult>> Evaluate(
        [Description("Members to leave out of a second average and consensus, over the same answers.")]
        [MaxLength(MostLeftOut)]
            string[]? without,
        Evaluator evaluator,
        CancellationToken ct
    ) =>
        without is { Length: > MostLeftOut }
            ? Problems.Invalid("without", $"Must be {MostLeftOut} names at most.")
            : TypedResults.Ok(await evaluator.Evaluate(without ?? [], ct));
}

/// <summary>Figures on rows that no member was trained on.</summary>
/// <param name="At">When they were computed.</param>
/// <param name="Networks">By name.</param>
internal sealed record EvaluationView(DateTimeOffset At, IReadOnlyDictionary<string, NetworkEvaluation> Networks);

/// <summary>Figures of one network.</summary>
/// <param name="Rows">Held-out rows that were asked.</param>
/// <param name="Members">Each member alone.</param>
/// <param name="Average">The plain mean of all who answered.</param>
/// <param name="Consensus">As <c>GET /predict</c> would answer now.</param>
internal sealed record NetworkEvaluation(
    int Rows,
    IReadOnlyList<EvaluationRow> Members,
    EvaluationRow Average,
    EvaluationRow Consensus
)
{
    /// <summary>The combinations without the members that were named; absent where none of them is in the network.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ReducedEvaluation? Without { get; init; }
}

/// <summary>What the others reach together. Their weights are those of now: what the absent did to them is not undone.</summary>
/// <param name="Members">Who was left out.</param>
/// <param name="Average">The plain mean of all others who answered.</param>
/// <param name="Consensus">As <c>GET /predict</c> would answer now, had those that are left out not answered.</param>
internal sealed record ReducedEvaluation(IReadOnlyList<string> Members, EvaluationRow Average, EvaluationRow Consensus);

/// <summary>Figures of one member, or of a combination.</summary>
/// <param name="Name">Who.</param>
/// <param name="Answered">Rows that have an answer; figures are over these.</param>
internal sealed record EvaluationRow(string Name, int Answered)
{
    /// <summary>Share of rows right.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Figure? Accuracy { get; init; }

    /// <summary>In nats.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Figure? LogLoss { get; init; }

    /// <summary>Share of the variance explained.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Figure? R2 { get; init; }

    /// <summary>In the unit of the value.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Figure? Rmse { get; init; }

    /// <summary>In the unit of the value.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Figure? MedianAbsoluteError { get; init; }
}
