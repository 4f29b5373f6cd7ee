using Consensus.Batches;
using Consensus.Clients;
using Consensus.Ledger;
using Consensus.Limits;
using Consensus.Networks;
using Workshop.Ledger.Mechanism;
using Workshop.Ledger.Networks;
using Workshop.ServiceDefaults.Errors;
using Workshop.ServiceDefaults.Inference;
using Workshop.ServiceDefaults.Origins;
using Workshop.ServiceDefaults.Sockets;

namespace Consensus.Predict;

/// <summary>One row, answered by all.</summary>
internal static class PredictEndpoints
{
    internal static void AddPredict(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Predictor>();
        builder.Services.AddSingleton<Inferring>();
        builder.Services.AddSingleton<IInferenceServer, InferenceServer>();
    }

    internal static void MapPredict(this IEndpointRouteBuilder routes)
    {
        routes.MapProtocol();
        UnknownNetwork.Map(routes);
        var first = Schema.All[0];
        routes
            .MapGet(
                "/predict",
                (HttpContext http, Predictor predictor, CancellationToken ct) => Predict(first, http, predictor, ct)
            )
            .WithTags("Predict")
            .WithSummary("What the members answer together about one flower")
            .RefusesHops()
            .RequireRateLimiting(QueueLimits.Questions)
            .AnsweredAtOnce();
        foreach (var schema in Schema.All)
        {
            routes
                .MapGet(
                    $"/{schema.Network.Name}/predict",
                    (HttpContext http, Predictor predictor, CancellationToken ct) =>
                        Predict(schema, http, predictor, ct)
                )
                .WithTags("Predict")
                .WithSummary("What the members answer together about one row")
                .RefusesHops()
                .RequireRateLimiting(QueueLimits.Questions)
                .AnsweredAtOnce();
        }
    }

    private static async Task<IResult> Predict(
        Schema schema,
        HttpContext http,
        Predictor predictor,
        CancellationToken ct
    )
    {
        var query = http.Request.Query;
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        // The query's own look-up ignores case; a contract that names every wrong argument does not.
        var given = query.ToLookup(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
        var line = schema.ReadRow(
            name => [.. given[name].SelectMany(values => values.ToArray()).Select(value => value ?? "")],
            query.Keys,
            errors
        );
        if (errors.Count > 0)
        {
            return Problems.Invalid(errors);
        }

        // A picture on somebody's page must not write into the ledger.
        var isScored = !http.Request.IsFromAnotherSite();
        return await predictor.Predict(schema, line, isScored, ct) is { } answer
            ? TypedResults.Ok(answer)
            : Problems.Of(StatusCodes.Status503ServiceUnavailable, "No member with influence answered in time.");
    }
}

/// <summary>Asks, waits as long as is worth it, and counts.</summary>
internal sealed class Predictor(BatchCollector collector, MissTracker misses, LedgerWriter ledger)
{
    /// <summary>The consensus on one row.</summary>
    /// <param name="schema">Which network.</param>
    /// <param name="line">The row.</param>
    /// <param name="isScored">Whether it becomes part of a batch.</param>
    /// <param name="ct">The caller's patience.</param>
    /// <returns>Null when nobody with influence answered.</returns>
    internal async Task<ConsensusAnswer?> Predict(Schema schema, string line, bool isScored, CancellationToken ct)
    {
        var state = ledger.Now.State;
        var electorate = Electorate.Of(state, schema.Network.Name);
        // A replica that does not lead writes nothing: it answers from its own state, without a batch.
        var question = isScored && ledger.IsOpen ? collector.Ask(schema, line) : collector.AskAlone(schema, line);
        var electors = electorate.Names.Where(question.Replies.ContainsKey).ToArray();
        var worthWaiting = Array.FindAll(electors, misses.IsWaitedFor);
        await Task.WhenAll((worthWaiting.Length > 0 ? worthWaiting : electors).Select(name => question.Replies[name]))
            .WaitAsync(ct);
        var answers = question.Answered();
        var ballot = electorate.Tally(answers);
        return ballot.Votes.IsEmpty
            ? null
            : ConsensusAnswer.Of(schema, ballot, Absent(electors, question), state.Parameters);
    }

    private static List<AbsentMember> Absent(IEnumerable<string> electors, Question question) =>
        [
            .. electors
                .Select(name => (name, reply: question.Replies[name]))
                .Where(entry => !entry.reply.IsCompleted || entry.reply.Result.Answer.IsEmpty)
                .Select(entry => new AbsentMember(
                    entry.name,
                    entry.reply.IsCompleted ? entry.reply.Result.Miss ?? Reply.Late : "not waited for"
                )),
        ];
}
