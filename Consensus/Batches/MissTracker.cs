using System.Collections.Concurrent;
using Consensus.Clients;
using Microsoft.Extensions.Options;

namespace Consensus.Batches;

/// <summary>Why and when a member last gave no answer, since this process began.</summary>
/// <param name="At">When.</param>
/// <param name="Reason">For example <c>late</c>, or what is wrong with the answer.</param>
internal sealed record LastMiss(DateTimeOffset At, string Reason);

/// <summary>Remembers which members have fallen silent.</summary>
internal sealed class MissTracker(IOptions<ConsensusOptions> options, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, int> missesInARow = new(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<string, LastMiss> lastMisses = new(StringComparer.Ordinal);

    /// <summary>Why a member last gave no answer; null while it always gave one.</summary>
    internal LastMiss? LastMissOf(string member) => lastMisses.GetValueOrDefault(member);

    /// <summary>Whether an answer is worth waiting for: not after several misses in a row.</summary>
    internal bool IsWaitedFor(string member) =>
        missesInARow.GetValueOrDefault(member) < options.Value.MissesBeforeNotWaitedFor;

    /// <summary>
    /// Notes the answer to one question, of one row or many. Our own lateness is not a miss, nor is a row that was not sent.
    /// </summary>
    internal void Note(string member, ReadOnlySpan<Reply> replies)
    {
        var (isAnswered, isMissed) = (false, false);
        foreach (var reply in replies)
        {
            if (reply.IsOurLateness || reply.WasNotAsked)
            {
                continue;
            }

            if (!reply.Answer.IsEmpty)
            {
                isAnswered = true;
            }
            else if (!isMissed)
            {
                isMissed = true;
                lastMisses[member] = new(time.GetUtcNow(), reply.Miss ?? Reply.Late);
            }
        }

        if (isAnswered)
        {
            // Looked for first: removing takes a lock, and nearly every question is answered.
            if (missesInARow.ContainsKey(member))
            {
                missesInARow.TryRemove(member, out _);
            }
        }
        else if (isMissed)
        {
            missesInARow.AddOrUpdate(member, 1, (_, before) => before + 1);
        }
    }
}
