using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;

namespace LaboratoryBench.Chaos;

/// <summary>
/// Every call of a run, outside the database: in memory for the checker, and line by line in a file for people. An
/// invocation is written before the call is sent, so that a run that is killed shows what was under way.
/// </summary>
public sealed class Journal : IAsyncDisposable
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web);

    private readonly ConcurrentQueue<Call> ended = new();
    private readonly StreamWriter file;
    private readonly Lock gate = new();
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private long calls;

    /// <summary>Begins a journal.</summary>
    /// <param name="path">A new file.</param>
    public Journal(string path) => file = new(path) { AutoFlush = false };

    /// <summary>Time since the run began.</summary>
    public TimeSpan Now => clock.Elapsed;

    /// <summary>All calls that ended, by number.</summary>
    public IReadOnlyList<Call> Calls => [.. ended.OrderBy(call => call.Number)];

    /// <summary>Notes that a call is about to be sent.</summary>
    /// <param name="kind">What it asks for.</param>
    /// <param name="user">Who calls.</param>
    /// <param name="key">The idempotency key; empty for none.</param>
    /// <param name="asked">What is bought, or added to the cart.</param>
    /// <returns>The call, not ended: its outcome is unknown.</returns>
    public Call Invoke(CallKind kind, string user, string key, IReadOnlyList<Line> asked)
    {
        var number = Interlocked.Increment(ref calls);
        var call = new Call(number, kind, user, key, asked, Now, Now, Outcome.Unknown, null, [], []);
        Write("invoked", call);
        return call;
    }

    /// <summary>Notes how a call ended.</summary>
    /// <param name="call">As it was invoked.</param>
    /// <param name="answer">What it brought.</param>
    /// <param name="listed">The orders that a list showed.</param>
    /// <returns>The call as it stands in the journal.</returns>
    internal Call End(Call call, Answer answer, IReadOnlyList<Guid>? listed = null)
    {
        var done = call with
        {
            Ended = Now,
            Outcome = answer.Outcome,
            Order = answer.Order,
            Listed = listed ?? [],
            Told = answer.Lines,
            Why = answer.Why,
        };
        ended.Enqueue(done);
        Write("ended", done);
        return done;
    }

    /// <summary>Notes something that is no call: a fault, a phase.</summary>
    /// <param name="what">In words.</param>
    public void Note(string what) => Write(what, null);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await file.DisposeAsync();

    private void Write(string what, Call? call)
    {
        var line = JsonSerializer.Serialize(
            new
            {
                at = Now.TotalMilliseconds,
                what,
                call,
            },
            Format
        );
        lock (gate)
        {
            file.WriteLine(line);
            file.Flush();
        }
    }
}
