using System.Text.Json.Serialization;

namespace Consensus.Evaluation;

/// <summary><c>GET /evaluation</c>: is the many better than the one?</summary>
internal static class EvaluationEndpoints
{
    internal static void MapEvaluation(this IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/evaluation", (Evaluator evaluator, CancellationToken ct) => evaluator.Evaluate(ct))
            .WithTags("Evaluation")
            .WithSummary("Members, their average and the consensus, judged on the same rows");
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
);

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
