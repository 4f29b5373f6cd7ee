using System.Text.Json;
using Consensus.Members;
using Workshop.Ledger.Blocks;

namespace Consensus.Ledger;

/// <summary>
/// The ledger read anew and replayed from the first block, as anybody can who downloads it. It costs a whole processor for
/// a while, so one runs at a time: whoever asks meanwhile gets its answer, and so does whoever asks soon after,
/// as long as neither ledger nor file has changed.
/// </summary>
internal sealed class Verification(LedgerChain chain, TimeProvider time)
{
    private readonly Lock gate = new();

    private Run? latest;

    /// <summary>The answer for the ledger as it is now, or was when the verification under way began.</summary>
    internal Task<VerificationView> Ask(CancellationToken ct)
    {
        lock (gate)
        {
            if (latest is null || !(IsUnderWay(latest) || IsFresh(latest)))
            {
                var mark = Mark.Of(chain);
                var began = time.GetTimestamp();
                latest = new(
                    mark,
                    began,
                    Task.Run(() => new Finished(Verify(), time.GetElapsedTime(began)), CancellationToken.None)
                );
            }

            return View(latest.Work, ct);
        }
    }

    private static async Task<VerificationView> View(Task<Finished> work, CancellationToken ct) =>
        (await work.WaitAsync(ct)).View;

    private static bool IsUnderWay(Run run) => !run.Work.IsCompleted;

    /// <summary>
    /// Kept for as long as it took to make: a crowd that asks all the time takes half a processor, and no more.
    /// </summary>
    private bool IsFresh(Run run) =>
        run.Work.IsCompletedSuccessfully
        && run.Mark == Mark.Of(chain)
        && time.GetElapsedTime(run.Began) < 2 * run.Work.Result.Took;

    private VerificationView Verify()
    {
        // Read as far as the view of this moment says: blocks that come meanwhile are no part of either side.
        var now = chain.Now;
        var replay = new Replay();
        var index = new LedgerIndex();
        try
        {
            using var file = new BoundedStream(chain.File.Path, now.Length);
            var torn = LedgerReader.ReadAll(file, replay, index.Add);
            if (torn > 0 || replay.Count != now.Count)
            {
                return Invalid(
                    replay,
                    replay.Count,
                    FormattableString.Invariant(
                        $"The file has {replay.Count} whole blocks, and the service holds {now.Count}: its end was changed."
                    )
                );
            }
        }
        catch (LedgerException failure)
        {
            return Invalid(replay, failure.Height, failure.Reason);
        }
        catch (LedgerRefusedException refusal)
        {
            return Invalid(replay, replay.Count, refusal.Message);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Its words name a path, which is nobody's business.
            return Invalid(replay, replay.Count, "The ledger's file is gone, or cannot be read.");
        }

        return Compare(replay, index, now);
    }

    private static VerificationView Invalid(Replay replay, long height, string reason) =>
        new(false, replay.Count, replay.Head?.Hash, height, reason, Accounts.Of(replay.State), []);

    private VerificationView Compare(Replay replay, LedgerIndex index, View now)
    {
        var members = replay
            .State.Members.Values.Select(member => MemberView.Of(member, replay.State, index))
            .ToArray();
        var shown = now.State.Members.Values.Select(member => MemberView.Of(member, now.State, chain.File.Index));
        var same =
            string.Equals(replay.Head?.Hash, now.Head?.Hash, StringComparison.Ordinal)
            && Accounts.Of(replay.State) == Accounts.Of(now.State)
            && members.Select(Comparable).SequenceEqual(shown.Select(Comparable), StringComparer.Ordinal);
        return new(
            same,
            replay.Count,
            replay.Head?.Hash,
            null,
            same ? null : "The replayed blocks, balances and weights are not those that the service shows.",
            Accounts.Of(replay.State),
            members
        );
    }

    private static string Comparable(MemberView member) => JsonSerializer.Serialize(member);

    /// <summary>What was verified: another head, or another file, is another verification.</summary>
    /// <param name="Head">Of the ledger in memory.</param>
    /// <param name="Bytes">Of the file.</param>
    /// <param name="WrittenAt">Of the file.</param>
    private sealed record Mark(string? Head, long Bytes, DateTime WrittenAt)
    {
        internal static Mark Of(LedgerChain chain)
        {
            var file = new FileInfo(chain.File.Path);
            return new(chain.Now.Head?.Hash, file.Exists ? file.Length : 0, file.LastWriteTimeUtc);
        }
    }

    private sealed record Run(Mark Mark, long Began, Task<Finished> Work);

    private sealed record Finished(VerificationView View, TimeSpan Took);
}
