using System.Globalization;
using System.Text.Json;
using Consensus.Ledger;
using Consensus.Networks;
using Workshop.Ledger.Blocks;
using Workshop.Ledger.Mechanism;
using Workshop.Ledger.Networks;
using Workshop.ServiceDefaults.Errors;
using Workshop.ServiceDefaults.Tokens;

namespace Consensus.Batches;

/// <summary>The body of <c>POST /{network}/batches/{n}/truths</c>.</summary>
/// <param name="Rows">Each row once.</param>
internal sealed record TruthRequest(IReadOnlyList<ToldTruth?> Rows);

/// <summary>What came true of one row.</summary>
/// <param name="Row">Index in the batch.</param>
/// <param name="Truth">A label as text or number, or a value in the unit of the network.</param>
internal sealed record ToldTruth(int Row, JsonElement Truth);

/// <summary>The operator tells what came true.</summary>
internal static class TruthEndpoints
{
    private const decimal CentsPerUnit = 100;

    internal static void MapTruths(this IEndpointRouteBuilder routes)
    {
        foreach (var schema in Schema.All)
        {
            routes
                .MapPost(
                    $"/{schema.Network.Name}/batches/{{number:long}}/truths",
                    (long number, TruthRequest request, LedgerWriter ledger, LedgerChain chain, CancellationToken ct) =>
                        Tell(schema, number, request, ledger, chain, ct)
                )
                .WithTags("Batches")
                .WithSummary("Tells what was true, after the batch")
                .RequireAuthorization(AccessTokens.OperatorPolicy);
        }
    }

    private static async Task<IResult> Tell(
        Schema schema,
        long number,
        TruthRequest request,
        LedgerWriter ledger,
        LedgerChain chain,
        CancellationToken ct
    )
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        var rows = request.Rows.Select((told, index) => Read(schema.Network, told, index, errors)).ToArray();
        if (errors.Count > 0)
        {
            return Problems.Invalid(errors);
        }

        return await ledger.Append(_ => new TruthEntry(schema.Network.Name, number, [.. rows], null), ct) switch
        {
            Applied => TypedResults.Created(
                $"/{schema.Network.Name}/batches/{number.ToString(CultureInfo.InvariantCulture)}",
                TruthView.Of(schema, Blocks(schema, number, chain).Last(block => Tells(block, rows[0].Row)))
            ),
            Refused { Refusal: Refusal.Unknown } => TypedResults.NotFound(),
            Refused { Refusal: Refusal.TooLate } late => Problems.Of(StatusCodes.Status409Conflict, late.Reason),
            Refused refused => Problems.Of(StatusCodes.Status400BadRequest, refused.Reason),
            _ => throw new InvalidOperationException("An outcome is applied or refused."),
        };
    }

    /// <summary>Others may have been told in the meantime; of one row the truth is told once.</summary>
    private static bool Tells(Block block, int row) =>
        block.Payload is TruthEntry told && told.Rows.Any(other => other.Row == row);

    /// <summary>The blocks that told truths of a batch, oldest first.</summary>
    internal static IReadOnlyList<Block> Blocks(Schema schema, long number, LedgerChain chain) =>
        [.. chain.File.Index.TruthsOf(schema.Network.Name, number).Select(chain.ReadBlock).OfType<Block>()];

    private static ToldRow Read(Network network, ToldTruth? told, int index, Dictionary<string, string[]> errors)
    {
        var place = string.Create(CultureInfo.InvariantCulture, $"rows[{index}]");
        if (told is null)
        {
            errors[place] = ["Must be an object with row and truth."];
            return new(0, 0);
        }

        if (ReadTruth(network, told.Truth) is { } truth && Gold.IsTruth(network, truth))
        {
            return new(told.Row, truth);
        }

        errors[$"{place}.truth"] =
        [
            network.IsRegression
                ? "Must be a number above 0, and not beyond reason."
                : $"Must be one of: {string.Join(", ", network.Classes)}.",
        ];
        return new(told.Row, 0);
    }

    private static long? ReadTruth(Network network, JsonElement truth)
    {
        if (network.IsRegression)
        {
            return
                truth.ValueKind == JsonValueKind.Number
                && truth.TryGetDecimal(out var value)
                && Math.Abs(value) < long.MaxValue / CentsPerUnit
                ? (long)Math.Round(value * CentsPerUnit)
                : null;
        }

        var label = truth.ValueKind switch
        {
            JsonValueKind.String => JsonText.Of(truth),
            JsonValueKind.Number => truth.GetRawText(),
            _ => null,
        };
        return label is null ? null : network.Classes.IndexOf(label, 0, StringComparer.Ordinal);
    }
}
