using Microsoft.Extensions.Logging;
using Workshop.Ledger.Blocks;
using Workshop.ServiceDefaults.Json;

namespace Workshop.Ledger.Witnesses;

/// <summary>
/// A split view: another witness of this ledger signed a block that is not in it. Either the operator shows two histories,
/// or that witness lies; its signature is the evidence of one or the other.
/// </summary>
/// <param name="Name">Of the other witness.</param>
/// <param name="Height">Of the block.</param>
/// <param name="Held">Its hash here.</param>
/// <param name="Theirs">The hash that the other one signed.</param>
/// <param name="Signature">Of the other one.</param>
/// <param name="At">When it was seen.</param>
public sealed record SplitView(
    string Name,
    long Height,
    string Held,
    string Theirs,
    string Signature,
    DateTimeOffset At
);

/// <summary>
/// Asks the other witnesses, one after another, what they signed. The consensus is not between the two, so it cannot show each
/// another history without being found out.
/// </summary>
/// <param name="options">How often, and who asks.</param>
/// <param name="allowsLoopback">Whether the others may live on this machine.</param>
/// <param name="time">Measures the pauses.</param>
/// <param name="logger">Hears of split views.</param>
internal sealed class Gossip(WitnessOptions options, bool allowsLoopback, TimeProvider time, ILogger logger)
{
    private const int LongestAnswer = 512 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private int turn;

    /// <summary>Asks for as long as it is wanted. What a stranger answers never ends it.</summary>
    /// <param name="follower">What is held here.</param>
    /// <param name="found">Told of a split view.</param>
    /// <param name="ct">Ends it.</param>
    internal async Task Go(Follower follower, Action<SplitView> found, CancellationToken ct)
    {
        using var handler = WitnessConnections.Create(allowsLoopback);
        using var http = new HttpClient(handler) { Timeout = Patience, MaxResponseContentBufferSize = LongestAnswer };
        SplitView? known = null;
        while (true)
        {
            await Task.Delay(options.GossipEvery, time, ct);
            var others = follower.Others(options.Name);
            if (others.Count == 0)
            {
                continue;
            }

            var (name, url, key) = others[turn++ % others.Count];
            if (
                await Ask(http, url, ct) is { } signed
                && Compare(follower, name, key, signed) is { } split
                && known != split with { At = known?.At ?? default }
            )
            {
                known = split;
                WitnessLog.SplitView(logger, name, split.Height, split.Held, split.Theirs);
                found(split);
            }
        }
    }

    /// <summary>What a signature of another witness says against the own copy; null where it says nothing.</summary>
    private SplitView? Compare(Follower follower, string name, string key, SignedCheckpoint theirs)
    {
        var (checkpoint, signature) = theirs;
        return
            string.Equals(checkpoint.Origin, follower.Copy.Hashes.Origin, StringComparison.Ordinal)
            && follower.Copy.LineAt(checkpoint.Height) is var (line, _)
            && Block.HashIn(line) is var held
            && !string.Equals(held, checkpoint.Hash, StringComparison.Ordinal)
            && WitnessKey.Verifies(key, checkpoint, signature)
            ? new(name, checkpoint.Height, held, checkpoint.Hash, signature, time.GetUtcNow())
            : null;
    }

    private static async Task<SignedCheckpoint?> Ask(HttpClient http, string url, CancellationToken ct) =>
        Uri.TryCreate($"{url.TrimEnd('/')}/ledger/witness", UriKind.Absolute, out var address)
        && await http.TryGetJson<Said>(address, ct)
            is { Origin: { } origin, Height: { } height, Hash: { } hash, Signature: { } signature }
            ? new(new(origin, height, hash), signature)
            : null;

    /// <summary>What is read of <c>GET /ledger/witness</c>.</summary>
    private sealed record Said(string? Origin, long? Height, string? Hash, string? Signature);
}
