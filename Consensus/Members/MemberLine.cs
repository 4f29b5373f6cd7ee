using Workshop.Ledger.Mechanism;
using Workshop.Ledger.Networks;
using Workshop.ServiceDefaults.Loops;

namespace Consensus.Members;

/// <summary>
/// Single questions of one network on their way to one member. While a request is under way the next ones wait, and then go
/// together as one: under load a member is asked once for many rows, and alone a row waits for nothing. Behind a request
/// that is slow they do not wait for its end: a second one passes it, never a third.
/// </summary>
/// <param name="gateway">Asks.</param>
/// <param name="schema">Which network.</param>
/// <param name="patience">How long a request may take before a second one goes beside it.</param>
/// <param name="background">Runs what nobody waits for.</param>
/// <param name="time">Measures that.</param>
internal sealed class MemberLine(
    MemberGateway gateway,
    Schema schema,
    TimeSpan patience,
    Background background,
    TimeProvider time
)
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

    /// <summary>Asks one row; never throws for what the member does.</summary>
    /// <param name="member">Whom; one that takes batches.</param>
    /// <param name="line">The row.</param>
    /// <param name="question">The row as <see cref="MemberGateway.QuestionOf"/> writes it.</param>
    /// <param name="deadline">Ends when the answer is late, waiting included.</param>
    internal Task<Reply> Ask(Member member, string line, string question, CancellationToken deadline)
    {
        long began;
        lock (gate)
        {
            // Nobody passes those who wait already: he goes with them.
            if (waiting.Count > 0 || !MayGo())
            {
                var place = new Waiting(member, line, time.GetTimestamp(), deadline);
                waiting.Enqueue(place);
                Watch();
                return InTime(place);
            }

            began = Begin();
        }

        return AskAlone(member, question, began, deadline);
    }

    private async Task<Reply> AskAlone(Member member, string question, long began, CancellationToken deadline)
    {
        try
        {
            return await gateway.Ask(member, schema.Network, question, deadline);
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
            var lines = rows.Select(row => row.Line).ToArray();
            var reply = await gateway.AskMany(rows[0].Member, schema, lines, CancellationToken.None);
            for (var row = 0; row < rows.Count; row++)
            {
                var answer = reply.Rows[row];
                rows[row]
                    .Answer.SetResult(
                        new([answer], answer.IsEmpty ? reply.Miss : null) { IsOurLateness = reply.IsOurLateness }
                    );
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
            // The late have been told so.
            if (!next.Deadline.IsCancellationRequested)
            {
                rows.Add(next);
            }
        }
    }

    /// <summary>One look ahead at a time, and only while rows wait behind a single request: it costs little under load.</summary>
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
            return gateway.TooLate(1, place.Since);
        }
    }

    /// <summary>A row that waits for its turn.</summary>
    private sealed record Waiting(Member Member, string Line, long Since, CancellationToken Deadline)
    {
        internal TaskCompletionSource<Reply> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
