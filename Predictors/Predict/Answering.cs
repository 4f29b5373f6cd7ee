using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using Predictors.Data;
using Predictors.Evaluation;
using Predictors.Faults;
using Predictors.Models;
using Workshop.ServiceDefaults.Errors;

namespace Predictors.Predict;

/// <summary>Answers rows that have been read: the way that all routes share.</summary>
/// <param name="models">The models of this process.</param>
/// <param name="time">For the identifiers of answers, and for answers that come late.</param>
/// <param name="faulty">Spoils answers; null in an honest member.</param>
internal sealed class Answering(ModelHost models, TimeProvider time, FaultyMember? faulty)
{
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? s_buffer;

    private readonly LatencyWindow[] _latencies = [.. Networks.All.Select(_ => new LatencyWindow())];

    /// <summary>How long this process's recent answers took.</summary>
    internal LatencyWindow LatencyOf(Network network) => _latencies[Networks.All.IndexOf(network)];

    /// <summary>Answers the rows.</summary>
    /// <param name="http">Receives the answer.</param>
    /// <param name="network">What is asked.</param>
    /// <param name="rows">Rows of the network's domain.</param>
    /// <param name="id">Of the request; null to make one.</param>
    /// <param name="wanted">Names of the outputs; all when empty.</param>
    /// <exception cref="ServiceUnavailableException">The model is not there yet.</exception>
    internal Task Answer(
        HttpContext http,
        Network network,
        IReadOnlyList<double[]> rows,
        string? id,
        IReadOnlyList<string> wanted
    )
    {
        var started = Stopwatch.GetTimestamp();
        var answers = Infer(network, rows);
        if (faulty is not null)
        {
            return AnswerFaultily(
                http,
                new(network, models.Learner.Name, id ?? NewId(), answers, wanted),
                rows,
                faulty
            );
        }

        var inference = new Inference(network, models.Learner.Name, id ?? NewId(), answers, wanted);
        var sent = Send(http, inference.Write);
        LatencyOf(network).Add(started);
        return sent.AsTask();
    }

    /// <summary>The honest answers.</summary>
    /// <exception cref="ServiceUnavailableException">The model is not there yet.</exception>
    internal double[][] Infer(Network network, IReadOnlyList<double[]> rows)
    {
        var model =
            models.Find(network)
            ?? throw new ServiceUnavailableException($"The model of {network.Name} is being trained.");
        var answers = new double[rows.Count][];
        for (var row = 0; row < answers.Length; row++)
        {
            answers[row] = model.Predict(rows[row]);
        }

        return answers;
    }

    private async Task AnswerFaultily(
        HttpContext http,
        Inference honest,
        IReadOnlyList<double[]> rows,
        FaultyMember member
    )
    {
        var outcome = await member.Decide(honest.Network, rows, [.. honest.Rows], http.RequestAborted);
        await Task.Delay(outcome.Delay, time, http.RequestAborted);
        await (
            outcome switch
            {
                { Rows: null } => throw new ServiceUnavailableException("This member does not answer."),
                { Malformation: { } bad } => Send(
                    http,
                    buffer => MalformedAnswer.Write(buffer, honest.Network, rows.Count, bad)
                ),
                _ => Send(http, (honest with { Rows = outcome.Rows }).Write),
            }
        );
    }

    /// <summary>
    /// Writes all of it before any is sent, so that the length is known; the buffer is this thread's.
    /// </summary>
    private static ValueTask<FlushResult> Send(HttpContext http, Action<IBufferWriter<byte>> write)
    {
        var buffer = s_buffer ??= new();
        buffer.ResetWrittenCount();
        write(buffer);
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = buffer.WrittenCount;
        http.Response.BodyWriter.Write(buffer.WrittenSpan);
        return http.Response.BodyWriter.FlushAsync(http.RequestAborted);
    }

    private string NewId() => Guid.CreateVersion7(time.GetUtcNow()).ToString();
}
