using System.Buffers;
using Predictors.Data;
using Predictors.Models;
using Workshop.ServiceDefaults.Errors;

namespace Predictors.Predict;

/// <summary>Answers rows that have been read: the way that all routes share.</summary>
/// <param name="models">The models of this process.</param>
/// <param name="time">For the identifiers of answers.</param>
internal sealed class Answering(ModelHost models, TimeProvider time)
{
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? s_buffer;

    /// <summary>Answers the rows.</summary>
    /// <param name="http">Receives the answer.</param>
    /// <param name="network">What is asked.</param>
    /// <param name="rows">Rows of the network's domain.</param>
    /// <param name="id">Of the request; null to make one.</param>
    /// <exception cref="ServiceUnavailableException">The model is not there yet.</exception>
    internal Task Answer(HttpContext http, Network network, IReadOnlyList<double[]> rows, string? id)
    {
        var model =
            models.Find(network)
            ?? throw new ServiceUnavailableException($"The model of {network.Name} is being trained.");
        var answers = new double[rows.Count][];
        for (var row = 0; row < answers.Length; row++)
        {
            answers[row] = model.Predict(rows[row]);
        }

        var inference = new Inference(network, models.Learner.Name, id ?? NewId(), answers);
        // Written whole before it is sent, so that the length is known; the buffer is this thread's and not kept.
        var buffer = s_buffer ??= new();
        buffer.ResetWrittenCount();
        inference.Write(buffer);
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = buffer.WrittenCount;
        http.Response.BodyWriter.Write(buffer.WrittenSpan);
        return http.Response.BodyWriter.FlushAsync(http.RequestAborted).AsTask();
    }

    private string NewId() => Guid.CreateVersion7(time.GetUtcNow()).ToString();
}
