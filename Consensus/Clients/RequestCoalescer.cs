using Workshop.ServiceDefaults.Loops;

namespace Consensus.Clients;

/// <summary>
/// Coalesces single rows for one member: while a request is under way the next rows wait, and then go together as one. Under
/// load a member is asked once for many rows, and alone a row waits for nothing. A slow request is passed by a second one,
/// never by a third.
/// </summary>
/// <param name="inner">Asks.</param>
/// <param name="transport">Says what a late row is told.</param>
/// <param name="patience">How long a request may take before a second one goes beside it.</param>
/// <param name="background">Runs what nobody waits for.</param>
/// <param name="time">Measures that.</param>
internal sealed class RequestCoalescer(
    IPredictorClient inner,
    PredictorTransport transport,
    TimeSpan patience,
    Background background,
    TimeProvider time
) : IPredictorClient
{
    /// <summary>Requests under way to one member at most.</summary>
    private const int RequestsAtOnce = 2;

    /// <summary>Rows that go together at most.</summary>
    private const int RowsAtOnce = 64;

    private readonly Lock gate = new();

    private readonly Queue<Waiting> waiting = [];

    /// <summary>When each request under way began, oldest first.</summary>
    private readonly List<long> underWay = new(RequestsAtOnce);

    /// <summary>Whether somebody looks again when the request under way may have become slow.</summary>
    private bool isWatched;

    public Task<Reply> Ask(RowQuestion row, CancellationToken deadline)
    {
        long began;
        lock (gate)
        {
            // FIFO: if others wait, queue behind them.
            if (waiting.Count > 0 || !MayGo())
            {
                var place = new Waiting(row.Line, time.GetTimestamp(), deadline);
                waiting.Enqueue(place);
                Watch();
                return InTime(place);
            }

            began = Begin();
        }

        return AskAlone(row, began, deadline);
    }

    public Task<IReadOnlyList<Reply>> AskAll(IReadOnlyList<string> lines, CancellationToken ct) =>
        inner.AskAll(lines, ct);

    public Task WarmUp(RowQuestion row, CancellationToken limit) => inner.WarmUp(row, limit);

    private async Task<Reply> AskAlone(RowQuestion row, long began, CancellationToken deadline)
    {
        try
        {
            return await inner.Ask(row, deadline);
        }
        finally
        {
            GoOn(began);
        }
    }

    private async Task AskTogether(List<Waiting> rows, long began)
    {
        try
        {
            var replies = await inner.AskAll([.. rows.Select(row => row.Line)], CancellationToken.None);
            foreach (var (row, reply) in rows.Zip(replies))
            {
                row.Answer.SetResult(reply);
            }
        }
        finally
        {
            GoOn(began);
        }
    }

    /// <summary>A request has come back, or has become slow: what gathered meanwhile goes if it may.</summary>
    /// <param name="ended">When the request that came back began; null when none did.</param>
    private void GoOn(long? ended)
    {
        var rows = new List<Waiting>();
        long began;
        lock (gate)
        {
            if (ended is { } one)
            {
                underWay.Remove(one);
            }
            else
            {
                isWatched = false;
            }

            if (MayGo())
            {
                TakeWaiting(rows);
            }

            began = rows.Count > 0 ? Begin() : 0;
            Watch();
        }

        if (rows.Count > 0)
        {
            background.Once("questions to a member", () => AskTogether(rows, began));
        }
    }

    private bool MayGo() =>
        underWay.Count == 0 || (underWay.Count < RequestsAtOnce && time.GetElapsedTime(underWay[0]) >= patience);

    private long Begin()
    {
        var now = time.GetTimestamp();
        underWay.Add(now);
        return now;
    }

    private void TakeWaiting(List<Waiting> rows)
    {
        while (rows.Count < RowsAtOnce && waiting.TryDequeue(out var next))
        {
            // A row past its deadline has its answer already.
            if (!next.Deadline.IsCancellationRequested)
            {
                rows.Add(next);
            }
        }
    }

    /// <summary>Arms one timer, and only while rows wait behind a single request: it costs little under load.</summary>
    private void Watch()
    {
        if (!isWatched && waiting.Count > 0 && underWay.Count == 1)
        {
            isWatched = true;
            var left = patience - time.GetElapsedTime(underWay[0]);
            background.Once("a slow question", () => LookLater(left));
        }
    }

    private async Task LookLater(TimeSpan wait)
    {
        // A timer counts whole milliseconds.
        await Task.Delay(TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(wait.TotalMilliseconds))), time);
        GoOn(null);
    }

    private async Task<Reply> InTime(Waiting place)
    {
        try
        {
            return await place.Answer.Task.WaitAsync(place.Deadline);
        }
        catch (OperationCanceledException)
        {
            return transport.TooLate(place.Since);
        }
    }

    /// <summary>A row that waits for its turn.</summary>
    private sealed record Waiting(string Line, long Since, CancellationToken Deadline)
    {
        internal TaskCompletionSource<Reply> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
