using System.Buffers;
using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Options;
using Microsoft.Security.AntiSSRF;
using Workshop.Ledger.Mechanism;

namespace Consensus.Clients;

/// <summary>What became of a document that a member offers.</summary>
/// <param name="Body">The document; null when it could not be had.</param>
/// <param name="Status">What the member answered; null when it did not.</param>
/// <param name="Refusal">Why the address itself is refused, for people; null when it is not.</param>
internal sealed record Document(byte[]? Body, HttpStatusCode? Status, string? Refusal);

/// <summary>Requests to members, by whichever protocol. Never throws for what a member does or fails to do.</summary>
internal sealed class PredictorTransport(
    PredictorConnections connections,
    IOptions<ConsensusOptions> options,
    TimeProvider time
)
{
    /// <summary>When the end of a deadline is noticed this much late, it was this process that got no time.</summary>
    private static readonly TimeSpan OwnDelay = TimeSpan.FromMilliseconds(100);

    private const int MaximumAnswerBytes = 64 * 1024;

    /// <summary>As much of a wrong answer as helps whoever wrote it.</summary>
    private const int ExcerptBytes = 160;

    /// <summary>A thousand rows of three probabilities with 17 digits each.</summary>
    private const int MaximumBatchAnswerBytes = 256 * 1024;

    /// <summary>Asks one row by <c>GET /{network}/predict</c>.</summary>
    /// <param name="url">Of the member.</param>
    /// <param name="network">Classes or a value.</param>
    /// <param name="row">What is asked.</param>
    /// <param name="deadline">Ends when the answer is late.</param>
    internal async Task<Reply> AskRow(string url, Network network, RowQuestion row, CancellationToken deadline)
    {
        using var request = Question(HttpMethod.Get, new(url + row.Path));
        return (await Send(request, network, 1, MaximumAnswerBytes, deadline))[0];
    }

    /// <summary>Asks many rows at once by <c>POST</c>.</summary>
    /// <param name="address">Where.</param>
    /// <param name="network">Classes or a value.</param>
    /// <param name="body">An inference request.</param>
    /// <param name="rows">How many it asks.</param>
    /// <param name="deadline">Ends when the answers are late.</param>
    /// <returns>One reply per row.</returns>
    internal async Task<IReadOnlyList<Reply>> AskRows(
        Uri address,
        Network network,
        byte[] body,
        int rows,
        CancellationToken deadline
    )
    {
        using var request = Question(HttpMethod.Post, address);
        request.Content = new ByteArrayContent(body)
        {
            Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
        };
        return await Send(request, network, rows, MaximumBatchAnswerBytes, deadline);
    }

    /// <summary>Asks one row as a newcomer is asked: what came back is told to whoever registers it.</summary>
    /// <returns>The answer; or what came back, and what is wrong with it.</returns>
    internal async Task<(ImmutableArray<long> Answer, string? Problem)> Probe(
        string url,
        Network network,
        RowQuestion row,
        CancellationToken limit
    )
    {
        try
        {
            using var request = Question(HttpMethod.Get, new(url + row.Path));
            using var response = await connections.For(request.RequestUri!).SendAsync(request, limit);
            var body = await Read(response, MaximumAnswerBytes, limit) ?? [];
            var miss = "";
            var answer =
                response.StatusCode == HttpStatusCode.OK ? AnswerReader.Read(network, body, 1, out miss)[0] : [];
            return answer.IsEmpty
                ? (answer, $"{(int)response.StatusCode} with {Excerpt(body)}. {miss}".TrimEnd())
                : (answer, null);
        }
        catch (Exception failure) when (IsMembersFault(failure, CancellationToken.None))
        {
            return (
                [],
                failure is OperationCanceledException
                    ? "nothing within the time that a newcomer has"
                    : "nothing: it cannot be reached"
            );
        }
    }

    /// <summary>The beginning of a body, on one line.</summary>
    private static string Excerpt(byte[] body)
    {
        var text = Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, ExcerptBytes)));
        var plain = string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter)).Trim();
        return plain.Length == 0 ? "an empty body" : $"'{plain}'{(body.Length > ExcerptBytes ? " and more" : "")}";
    }

    /// <summary>A request that says that it comes from a consensus: asked back, it would go round for ever.</summary>
    private static HttpRequestMessage Question(HttpMethod method, Uri address) =>
        new(method, address) { Headers = { { HopGuard.Header, HopGuard.Value } } };

    /// <summary>No answer within the deadline of a question that was asked at <paramref name="began"/>.</summary>
    internal Reply TooLate(long began) =>
        Reply.Missed(Reply.Late) with
        {
            IsOurLateness = time.GetElapsedTime(began) > options.Value.MemberDeadline + OwnDelay,
        };

    /// <summary>Begins the time that members have for a question.</summary>
    /// <param name="ct">Ends it sooner.</param>
    internal CancellationTokenSource StartDeadline(CancellationToken ct)
    {
        if (!ct.CanBeCanceled)
        {
            return new(options.Value.MemberDeadline, time);
        }

        var source = CancellationTokenSource.CreateLinkedTokenSource(ct);
        source.CancelAfter(options.Value.MemberDeadline);
        return source;
    }

    /// <summary>Begins a time of its own.</summary>
    internal CancellationTokenSource StartLimit(TimeSpan limit) => new(limit, time);

    /// <summary>Reads a document that a member offers, such as its evaluation; one that is not there is not waited for.</summary>
    internal async Task<Document> Fetch(string address, TimeSpan deadline, CancellationToken ct)
    {
        using var request = Question(HttpMethod.Get, new(address));
        // RFC 7240: a member that knows the preference says at once that it is still computing.
        request.Headers.Add("Prefer", "wait=0");
        using var timer = new CancellationTokenSource(deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, ct);
        try
        {
            using var response = await connections.For(request.RequestUri!).SendAsync(request, either.Token);
            var isGood = response.StatusCode == HttpStatusCode.OK;
            return new(
                isGood ? await Read(response, MaximumAnswerBytes, either.Token) : null,
                response.StatusCode,
                null
            );
        }
        catch (Exception failure) when (IsMembersFault(failure, ct))
        {
            return new(null, null, Refusal(failure));
        }
    }

    private async Task<Reply[]> Send(
        HttpRequestMessage request,
        Network network,
        int rows,
        int maximumBytes,
        CancellationToken deadline
    )
    {
        var began = time.GetTimestamp();
        try
        {
            using var response = await connections.For(request.RequestUri!).SendAsync(request, deadline);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                return Each(rows, Reply.Missed($"It answered {(int)response.StatusCode}."));
            }

            var body = await Read(response, maximumBytes, deadline);
            if (body is null)
            {
                return Each(rows, Reply.Missed($"The answer is larger than {maximumBytes} bytes."));
            }

            var answers = AnswerReader.Read(network, body, rows, out var miss);
            var replies = new Reply[rows];
            for (var row = 0; row < rows; row++)
            {
                replies[row] = new(answers[row], answers[row].IsEmpty ? miss : null);
            }

            return replies;
        }
        catch (Exception failure) when (IsMembersFault(failure, CancellationToken.None))
        {
            return Each(
                rows,
                failure is OperationCanceledException
                    ? TooLate(began)
                    : Reply.Missed(Refusal(failure) ?? "It cannot be reached.")
            );
        }
    }

    private static Reply[] Each(int rows, Reply reply)
    {
        var replies = new Reply[rows];
        Array.Fill(replies, reply);
        return replies;
    }

    /// <summary>Reads a body of bounded size; null when it is larger.</summary>
    private static async Task<byte[]?> Read(HttpResponseMessage response, int maximumBytes, CancellationToken ct)
    {
        if (response.Content.Headers.ContentLength > maximumBytes)
        {
            return null;
        }

        using var body = await response.Content.ReadAsStreamAsync(ct);
        var buffer = ArrayPool<byte>.Shared.Rent(maximumBytes + 1);
        try
        {
            var length = await body.ReadAtLeastAsync(
                buffer.AsMemory(0, maximumBytes + 1),
                maximumBytes + 1,
                throwOnEndOfStream: false,
                ct
            );
            return length > maximumBytes ? null : buffer[..length];
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static bool IsMembersFault(Exception failure, CancellationToken ct) =>
        failure is HttpRequestException or IOException
        || Refusal(failure) is not null
        || (failure is OperationCanceledException && !ct.IsCancellationRequested);

    /// <summary>
    /// Why the guard lets nobody connect; for 0.0.0.0 and :: it is the look-up of the name that refuses.
    /// </summary>
    internal static string? Refusal(Exception? failure) =>
        failure switch
        {
            null => null,
            AntiSSRFException or ArgumentException { ParamName: "hostName" } =>
                "The address is refused: it is not a public one.",
            SocketException
            {
                SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData
            } => "The address is refused: its name cannot be resolved.",
            _ => Refusal(failure.InnerException),
        };
}
