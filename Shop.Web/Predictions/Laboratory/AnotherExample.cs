using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;
using Shop.Web.Site;

namespace Shop.Web.Predictions.Laboratory;

/// <summary>A row of a batch, by its place, such as <c>12.5</c>: batch 12, row 5.</summary>
/// <param name="Batch">The batch.</param>
/// <param name="Row">From 0.</param>
public sealed record KnownRow(long Batch, int Row)
{
    /// <summary>Reads a place.</summary>
    /// <param name="text">As it stands in an address.</param>
    /// <returns>The place, or null.</returns>
    public static KnownRow? Read(string? text) =>
        text?.Split('.') is [var batch, var row]
        && long.TryParse(batch, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && int.TryParse(row, NumberStyles.None, CultureInfo.InvariantCulture, out var place)
            ? new(number, place)
            : null;
}

/// <summary>"Another example": a row whose truth is known, which no member was trained on, and has seen in a batch.</summary>
internal static class AnotherExample
{
    /// <summary>Examples are drawn from so many of the newest batches.</summary>
    private const int Newest = 100;

    internal static async Task<RedirectHttpResult> Draw(
        string network,
        ConsensusClient consensus,
        Courier courier,
        CancellationToken ct
    )
    {
        var page = $"{PredictionsDefaults.Page}/{Uri.EscapeDataString(network)}";
        if (!PredictionsDefaults.IsNetwork(network))
        {
            return courier.Refuse(PredictionsDefaults.Page, new("There is no such network.", IsError: true));
        }

        var batches = (await consensus.Batches(network, ct, Newest))
            .Value?.Batches.Where(batch => batch.Gold > 0)
            .ToList();
        if (batches is not { Count: > 0 })
        {
            return courier.Refuse(page, new("Examples come from batches: run one first.", IsError: true));
        }

        var drawn = batches[RandomNumberGenerator.GetInt32(batches.Count)];
        var batch = (await consensus.Batch(network, drawn.Number, ct)).Value;
        var known = batch?.Rows.Index().Where(row => row.Item.Truth is not null).ToList();
        if (known is not { Count: > 0 })
        {
            return courier.Refuse(page, new("No example can be had right now.", IsError: true));
        }

        var (place, chosen) = known[RandomNumberGenerator.GetInt32(known.Count)];
        var query = chosen
            .Row.Select(cell => KeyValuePair.Create(cell.Key, (string?)cell.Value))
            .Append(new("known", string.Create(CultureInfo.InvariantCulture, $"{drawn.Number}.{place}")));
        return TypedResults.LocalRedirect(QueryHelpers.AddQueryString(page, query));
    }
}
