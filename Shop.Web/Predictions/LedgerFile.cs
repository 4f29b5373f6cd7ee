using System.Net;
using Microsoft.AspNetCore.Http.HttpResults;
using Workshop.ServiceDefaults.Errors;

namespace Shop.Web.Predictions;

/// <summary>
/// Hands the ledger's file on as it comes, whole or the part that was asked for (RFC 9110, 14): it may be larger than any memory
/// here.
/// </summary>
internal static class LedgerFile
{
    internal static async Task<Results<EmptyHttpResult, ProblemHttpResult>> Send(
        ConsensusClient consensus,
        HttpContext context,
        CancellationToken ct
    )
    {
        using var file = await consensus.OpenLedger(context.Request.Headers.Range, ct);
        if (file is not { StatusCode: HttpStatusCode.OK or HttpStatusCode.PartialContent or Unsatisfiable })
        {
            // Not a page in its place: whoever saves what comes would have that page under the ledger's name.
            return Problems.Of(
                StatusCodes.Status503ServiceUnavailable,
                "The ledger cannot be had right now. Try again in a moment."
            );
        }

        var response = context.Response;
        response.StatusCode = (int)file.StatusCode;
        response.Headers.AcceptRanges = "bytes";
        response.Headers.ContentRange = file.Content.Headers.ContentRange?.ToString();
        if (file.StatusCode is not Unsatisfiable)
        {
            response.ContentType = "application/jsonl";
            response.ContentLength = file.Content.Headers.ContentLength;
            response.Headers.ContentDisposition = "attachment; filename=ledger.jsonl";
            await file.Content.CopyToAsync(response.Body, ct);
        }

        return TypedResults.Empty;
    }

    private const HttpStatusCode Unsatisfiable = HttpStatusCode.RequestedRangeNotSatisfiable;
}
