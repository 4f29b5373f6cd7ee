using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Shop.Web.Api;

namespace Shop.Web.Redundancy.Runs;

/// <summary>A run as files: all of it as JSON, its purchases as CSV.</summary>
internal static class RunFiles
{
    private const string CsvHeader = "at_ms,latency_ms,outcome,server,order_id,trace_id,reason,buyer";

    internal static void MapRunFiles(this WebApplication app)
    {
        var runs = app.MapGroup(LaboratoryRoutes.Page + "/runs");
        runs.MapGet("/{number:int}.json", Json);
        runs.MapGet("/{number:int}.csv", Csv);
    }

    private static Results<JsonHttpResult<RunRecord>, NotFound> Json(int number, RunFolder runs) =>
        runs.Find(number) is { } run ? TypedResults.Json(run, ServiceCaller.Json) : TypedResults.NotFound();

    private static Results<FileContentHttpResult, NotFound> Csv(int number, RunFolder runs) =>
        runs.Find(number) is { } run
            ? TypedResults.File(
                Encoding.UTF8.GetBytes(CsvOf(run)),
                "text/csv; charset=utf-8",
                string.Create(CultureInfo.InvariantCulture, $"run-{number}.csv")
            )
            : TypedResults.NotFound();

    /// <summary>A line for each purchase (RFC 4180).</summary>
    internal static string CsvOf(RunRecord run)
    {
        var csv = new StringBuilder(CsvHeader).Append("\r\n");
        foreach (var order in run.Orders)
        {
            csv.AppendJoin(
                    ',',
                    order.AtMilliseconds.ToString(CultureInfo.InvariantCulture),
                    order.LatencyMilliseconds.ToString(CultureInfo.InvariantCulture),
                    order.Outcome,
                    order.Server,
                    order.OrderId,
                    order.TraceId,
                    Quoted(order.Reason),
                    order.Naive ? "naive" : "resilient"
                )
                .Append("\r\n");
        }

        return csv.ToString();
    }

    /// <summary>Words of a service, which a table program must not take for a formula.</summary>
    private static string Quoted(string? text) =>
        text is null ? ""
        : text is ['=' or '+' or '-' or '@', ..] ? $"\"'{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
        : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
