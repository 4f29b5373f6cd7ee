using System.Text.Json;
using Consensus.Ledger;
using Consensus.Limits;
using Consensus.Networks;
using Microsoft.AspNetCore.Http.HttpResults;
using Workshop.Ledger.Mechanism;
using Workshop.Ledger.Networks;
using Workshop.ServiceDefaults.Errors;
using Workshop.ServiceDefaults.Idempotency;
using Workshop.ServiceDefaults.Inference;
using Workshop.ServiceDefaults.Tokens;

namespace Consensus.Batches;

/// <summary>The body of <c>POST /{network}/batches</c>.</summary>
/// <param name="Rows">Rows to ask, each an object with one value per column.</param>
/// <param name="Size">Rows in all, the given ones and gold included; the rest is drawn.</param>
internal sealed record BatchRequest(IReadOnlyList<Dictionary<string, JsonElement>?>? Rows = null, int? Size = null);

/// <summary>Batches: run one now, look at those that were.</summary>
internal static class BatchEndpoints
{
    /// <summary>As many as the Open Inference Protocol's contract takes.</summary>
    private const int MaximumRows = 1000;

    private const int DefaultSize = 32;

    /// <summary>A thousand rows of housing.</summary>
    private const int MaximumBodyBytes = 2 * 1024 * 1024;

    private const int DefaultListed = 20;

    private const int MaximumListed = 100;

    /// <summary>After the ledger: collected queries are written before its writer stops.</summary>
    internal static void AddBatches(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<MissTracker>();
        builder.Services.AddSingleton<FanOut>();
        builder.Services.AddSingleton<BatchTurns>();
        builder.Services.AddSingleton<BatchQuota>();
        builder.Services.AddSingleton<BatchRunner>();
        builder.Services.AddSingleton<BatchCollector>();
        builder.Services.AddHostedService(services => services.GetRequiredService<BatchCollector>());
    }

    internal static void MapBatches(this IEndpointRouteBuilder routes)
    {
        routes.MapTruths();
        foreach (var schema in Schema.All)
        {
            var group = routes.MapGroup($"/{schema.Network.Name}/batches").WithTags("Batches");
            group
                .MapGet("/", (LedgerChain chain, long? before, int? limit) => List(schema, chain, before, limit))
                .WithSummary("Batches, newest first");
            group
                .MapGet("/{number:long}", (long number, LedgerChain chain) => Find(schema, number, chain))
                .WithSummary("One batch, row by row");
            group
                .MapPost(
                    "/",
                    async (
                        BatchRequest? request,
                        IdempotencyKey? key,
                        HttpContext http,
                        BatchQuota quota,
                        BatchRunner runner,
                        LedgerChain chain,
                        CancellationToken ct
                    ) =>
                        quota.Refusal(http, schema.Network.Name)
                        ?? await Run(schema, request ?? new(), key, http, runner, chain, ct)
                )
                .WithSummary("Runs a batch: all members answer its rows, and are scored")
                .WithMetadata(
                    new Microsoft.AspNetCore.Mvc.RequestSizeLimitAttribute(MaximumBodyBytes),
                    new KeyedRoute()
                )
                .RequireRateLimiting(QueueLimits.Batches)
                .OpenTo("the operator; anybody on this machine, 60 a minute and network");
        }
    }

    private static IResult List(Schema schema, LedgerChain chain, long? before, int? limit)
    {
        if (limit is < 1 or > MaximumListed)
        {
            return Problems.Invalid("limit", $"Must be from 1 to {MaximumListed}.");
        }

        var count = chain.Now.State.Networks[schema.Network.Name].Batches;
        var first = Math.Min(before ?? count, count);
        var numbers = Enumerable
            .Range(1, limit ?? DefaultListed)
            .Select(step => first - step)
            .Where(number => number >= 0);
        return TypedResults.Ok(
            new BatchList(
                schema.Network.Name,
                count,
                [.. numbers.Select(number => Read(schema, number, chain)).OfType<BatchView>().Select(BatchSummary.Of)]
            )
        );
    }

    private static IResult Find(Schema schema, long number, LedgerChain chain) =>
        Read(schema, number, chain) is { } batch ? TypedResults.Ok(batch) : TypedResults.NotFound();

    private static async Task<IResult> Run(
        Schema schema,
        BatchRequest request,
        IdempotencyKey? key,
        HttpContext http,
        BatchRunner runner,
        LedgerChain chain,
        CancellationToken ct
    )
    {
        var given = request.Rows ?? [];
        var gold = Gold.CountOf(Math.Max(1, given.Count), chain.Now.State.Parameters);
        var size = request.Size ?? (given.Count == 0 ? DefaultSize : Math.Min(MaximumRows, given.Count + gold));
        if (size is < 1 or > MaximumRows)
        {
            return Problems.Invalid("size", $"Must be from 1 to {MaximumRows}.");
        }

        if (given.Count > size)
        {
            return Problems.Invalid("rows", $"There are {given.Count} rows in a batch of {size}.");
        }

        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        var lines = new List<string>(given.Count);
        while (lines.Count < given.Count && errors.Count < InferRequest.MaximumErrors)
        {
            lines.Add(ReadRow(schema, given[lines.Count], lines.Count, errors));
        }

        if (errors.Count > 0)
        {
            return Problems.Invalid(errors);
        }

        // Batches of a network come one after another, so a repeat finds the first one written, or not begun.
        var intent = BatchIntent.Of(key, http, request.Size, lines);
        if (intent is not null && chain.File.Index.BatchUnder(schema.Network.Name, intent.Key) is { } earlier)
        {
            return string.Equals(earlier.Request, intent.Request, StringComparison.Ordinal)
                ? Replay(schema, earlier.Number, http, chain)
                : Problems.Of(
                    StatusCodes.Status422UnprocessableEntity,
                    $"This {IdempotencyKey.Header} was used before for another request."
                );
        }

        return await runner.Run(schema, lines, size, intent, ct) is { } number
            ? TypedResults.Created($"/{schema.Network.Name}/batches/{number}", Read(schema, number, chain))
            : Problems.Of(StatusCodes.Status503ServiceUnavailable, $"{schema.Network.Name} has no members to ask.");
    }

    /// <summary>The first answer again: truths that were told since are no part of it.</summary>
    private static Created<BatchView> Replay(Schema schema, long number, HttpContext http, LedgerChain chain)
    {
        http.Response.Headers[IdempotencyKey.Replayed] = "true";
        var block = chain.ReadBlock(chain.File.Index.HeightOfBatch(schema.Network.Name, number)!.Value)!;
        return TypedResults.Created($"/{schema.Network.Name}/batches/{number}", BatchView.Of(schema, block, []));
    }

    private static string ReadRow(
        Schema schema,
        Dictionary<string, JsonElement>? row,
        int index,
        Dictionary<string, string[]> errors
    )
    {
        if (row is null)
        {
            errors[$"rows[{index}]"] = ["Must be an object with one value per column."];
            return "";
        }

        var own = new Dictionary<string, string[]>(StringComparer.Ordinal);
        var line = schema.ReadRow(name => row.TryGetValue(name, out var value) ? [Text(value)] : [], row.Keys, own);
        foreach (var (name, error) in own.Take(InferRequest.MaximumErrors - errors.Count))
        {
            errors[$"rows[{index}].{name}"] = error;
        }

        return line;
    }

    /// <summary>A value as it would stand in a query: numbers as written, null as a missing value.</summary>
    private static string Text(JsonElement value) =>
        value.ValueKind switch
        {
            // Half of a surrogate pair stands in no domain.
            JsonValueKind.String => JsonText.Of(value) ?? "\0",
            JsonValueKind.Null => "",
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            _ => value.GetRawText(),
        };

    private static BatchView? Read(Schema schema, long number, LedgerChain chain) =>
        chain.File.Index.HeightOfBatch(schema.Network.Name, number) is { } height
        && chain.ReadBlock(height) is { } block
            ? BatchView.Of(schema, block, TruthEndpoints.Blocks(schema, number, chain))
            : null;
}
