using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Predictors.Data;
using Predictors.Models;
using Predictors.Predict;
using Workshop.ServiceDefaults.Errors;

namespace Predictors.Evaluation;

/// <summary>
/// One network in the answer of <c>GET /evaluation</c>: the cross-validated measures, and the latency now.
/// </summary>
internal sealed record NetworkReport(
    int Rows,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Estimate? Accuracy,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Estimate? LogLoss,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Estimate? RocAuc,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Estimate? R2,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Estimate? Rmse,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Estimate? MedianAbsoluteError,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Estimate? Within20Percent,
    Latency Latency
);

/// <summary>The answer of <c>GET /evaluation</c>.</summary>
/// <param name="Predictor">The learner.</param>
/// <param name="Folds">Of the cross-validation.</param>
/// <param name="Networks">By name.</param>
internal sealed record EvaluationReport(
    string Predictor,
    int Folds,
    IReadOnlyDictionary<string, NetworkReport> Networks
);

/// <summary><c>GET /evaluation</c>.</summary>
internal static class EvaluationEndpoints
{
    /// <summary>A first computation may take a while; a request waits so long for it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>With fewer requests than this the process answers rows of its own to know its latency.</summary>
    private const int EnoughRequests = 100;

    private const int OwnRequests = 500;

    internal static void AddEvaluation(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<EvaluationHost>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<EvaluationHost>());
    }

    internal static void MapEvaluation(this IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/evaluation", Evaluate)
            .WithTags("Evaluation")
            .WithSummary("What this predictor's models are worth, by cross-validation");

    private static async Task<Ok<EvaluationReport>> Evaluate(
        HttpRequest request,
        EvaluationHost host,
        ModelHost models,
        Answering answering,
        TimeProvider time,
        CancellationToken ct
    )
    {
        var patience = PatienceOf(request);
        if (patience > TimeSpan.Zero)
        {
            host.Hurry();
        }

        try
        {
            var scores = await host.Scores.WaitAsync(patience, time, ct);
            var report = new EvaluationReport(
                models.Learner.Name,
                Folds.Count,
                Networks.All.ToDictionary(
                    network => network.Name,
                    network => Report(scores[network.Name], LatencyOf(network, answering)),
                    StringComparer.Ordinal
                )
            );
            return TypedResults.Ok(report);
        }
        catch (TimeoutException late)
        {
            throw new ServiceUnavailableException("The evaluation is being computed.", late);
        }
    }

    /// <summary>The client's own patience where it tells it: <c>Prefer: wait=0</c> (RFC 7240), in seconds.</summary>
    private static TimeSpan PatienceOf(HttpRequest request)
    {
        var waits = request
            .Headers.GetCommaSeparatedValues("Prefer")
            .Select(preference => NameValueHeaderValue.TryParse(preference, out var parsed) ? parsed : null)
            .FirstOrDefault(preference => string.Equals(preference?.Name, "wait", StringComparison.OrdinalIgnoreCase));
        return
            int.TryParse(waits?.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && seconds < Patience.TotalSeconds
            ? TimeSpan.FromSeconds(seconds)
            : Patience;
    }

    private static NetworkReport Report(NetworkScore score, Latency latency) =>
        new(
            score.Rows,
            score.Accuracy,
            score.LogLoss,
            score.RocAuc,
            score.R2,
            score.Rmse,
            score.MedianAbsoluteError,
            score.Within20Percent,
            latency
        );

    private static Latency LatencyOf(Network network, Answering answering)
    {
        var requests = answering.LatencyOf(network);
        return requests.Count >= EnoughRequests ? requests.Summarise("requests") : MeasureOwn(network, answering);
    }

    /// <summary>Answers rows of the data set as a request would be, but for the network.</summary>
    private static Latency MeasureOwn(Network network, Answering answering)
    {
        var rows = DataSet.Load(network).Rows;
        var window = new LatencyWindow();
        var buffer = new ArrayBufferWriter<byte>();
        for (var request = 0; request < OwnRequests; request++)
        {
            var started = Stopwatch.GetTimestamp();
            var answers = answering.Infer(network, [rows[request % rows.Length]]);
            buffer.ResetWrittenCount();
            new Inference(network, "", "", answers, []).Write(buffer);
            window.Add(started);
        }

        return window.Summarise("self");
    }
}
