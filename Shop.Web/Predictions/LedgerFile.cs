using System.Globalization;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http.HttpResults;
using Shop.Web.Site;

namespace Shop.Web.Predictions;

/// <summary>
/// Hands the ledger's file on, block by block as it comes: it may be larger than any memory here. What was written does not
/// change, so a part of it can be asked for, and a download that broke off can go on (RFC 9110, 14).
/// </summary>
internal static class LedgerFile
{
    private const int BufferBytes = 64 * 1024;

    internal static async Task<Results<EmptyHttpResult, RedirectHttpResult, StatusCodeHttpResult>> Send(
        ConsensusClient consensus,
        Courier courier,
        HttpContext context,
        CancellationToken ct
    )
    {
        // Its length first: blocks that are appended meanwhile are not part of this copy.
        var whole = (await consensus.Ledger(ct)).Value?.Bytes;
        await using var file = whole is null ? null : await consensus.OpenLedger(ct);
        if (whole is not { } length || file is null)
        {
            return courier.Refuse(
                $"{PredictionsDefaults.Page}/ledger",
                new("The ledger cannot be had right now.", IsError: true)
            );
        }

        var response = context.Response;
        response.Headers.AcceptRanges = "bytes";
        var (first, last, isPart) = Range(context.Request.Headers.Range, length);
        if (first > last)
        {
            response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes */{length}");
            return TypedResults.StatusCode(StatusCodes.Status416RangeNotSatisfiable);
        }

        response.StatusCode = isPart ? StatusCodes.Status206PartialContent : StatusCodes.Status200OK;
        response.ContentType = "application/jsonl";
        response.ContentLength = last - first + 1;
        response.Headers.ContentDisposition = "attachment; filename=ledger.jsonl";
        if (isPart)
        {
            response.Headers.ContentRange = string.Create(
                CultureInfo.InvariantCulture,
                $"bytes {first}-{last}/{length}"
            );
        }

        await Copy(file, response.Body, first, last - first + 1, ct);
        return TypedResults.Empty;
    }

    /// <summary>The one range that was asked for; the whole for anything else.</summary>
    private static (long First, long Last, bool IsPart) Range(string? header, long length)
    {
        if (
            !RangeHeaderValue.TryParse(header, out var asked)
            || !string.Equals(asked.Unit, "bytes", StringComparison.OrdinalIgnoreCase)
            || asked.Ranges.Count != 1
        )
        {
            return (0, length - 1, false);
        }

        var range = asked.Ranges.Single();
        return range.From is { } from
            ? (from, Math.Min(range.To ?? length - 1, length - 1), true)
            : (Math.Max(0, length - range.To!.Value), range.To == 0 ? -1 : length - 1, true);
    }

    private static async Task Copy(Stream file, Stream output, long skip, long count, CancellationToken ct)
    {
        var buffer = new byte[BufferBytes];
        while (skip + count > 0)
        {
            var read = await file.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, skip + count)), ct);
            if (read == 0)
            {
                throw new IOException("The ledger ended before its length.");
            }

            var skipped = (int)Math.Min(skip, read);
            skip -= skipped;
            count -= read - skipped;
            await output.WriteAsync(buffer.AsMemory(skipped, read - skipped), ct);
        }
    }
}
