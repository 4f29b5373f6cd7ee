using System.Collections.Concurrent;
using System.Globalization;
using System.Threading.Channels;
using Consensus.Ledger;
using Microsoft.Extensions.Options;
using Workshop.Ledger.Blocks;
using Workshop.Ledger.Mechanism;
using Workshop.Ledger.Witnesses;
using Workshop.ServiceDefaults.Errors;
using Workshop.ServiceDefaults.Loops;

namespace Consensus.Witnesses;

/// <summary>
/// What witnesses have signed: the last of each in memory, and now and then all that is new in a block of the ledger itself.
/// </summary>
internal sealed class WitnessBook(
    LedgerWriter ledger,
    LedgerChain chain,
    IOptions<ConsensusOptions> options,
    Background background,
    TimeProvider time
) : BackgroundService
{
    /// <summary>Time for others to sign the same head, so that one block holds them all.</summary>
    private static readonly TimeSpan LongestGathering = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, WitnessMark> latest = new(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<string, WitnessFork> forks = new(StringComparer.Ordinal);

    private readonly Channel<bool> news = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    /// <summary>All members that can sign, in the order of their names.</summary>
    internal IReadOnlyList<WitnessView> List() =>
        [
            .. chain
                .Now.State.Members.Values.Where(member => member.Key is not null)
                .Select(member => ViewOf(member.Name, member.Key!))
                .Where(view => view.Height is not null || chain.Now.State.Members[view.Name].IsAtRisk),
        ];

    /// <summary>One member that can sign.</summary>
    internal WitnessView ViewOf(string name, string key)
    {
        var last = LastOf(name);
        return new(name, last?.Height, last?.Hash, last?.Time, last?.Signature, key, forks.GetValueOrDefault(name));
    }

    /// <summary>Keeps a signature that verifies over a block of this ledger.</summary>
    internal void Keep(WitnessRequest signed)
    {
        var mark = new WitnessMark(signed.Height, signed.Hash, signed.Signature, Block.Write(time.GetUtcNow()));
        latest.AddOrUpdate(signed.Name, mark, (_, known) => known.Height > mark.Height ? known : mark);
        if (forks.TryGetValue(signed.Name, out var fork) && signed.Height >= fork.Signed.Height)
        {
            forks.TryRemove(signed.Name, out _);
        }

        news.Writer.TryWrite(true);
    }

    /// <summary>Keeps what a witness signed that is not of this ledger.</summary>
    internal void Keep(string name, WitnessFork fork) => forks[name] = fork;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        background.Loop("witnesses", Write, stoppingToken);

    private async Task Write(CancellationToken ct)
    {
        while (await news.Reader.WaitToReadAsync(ct))
        {
            var every = options.Value.WitnessBlockEvery;
            var gathering = every < LongestGathering ? every : LongestGathering;
            await Task.Delay(gathering, time, ct);
            // Counted from the ledger's own block: also one of before a restart, or of another leader.
            await Task.Delay(Rest(every, chain.File.Index.LastWitnessesAt, time.GetUtcNow()), time, ct);
            news.Reader.TryRead(out _);
            // A replica that led and does not any more has signatures left; they come to the one that leads now.
            if (!ledger.IsOpen || New() is not { IsEmpty: false } entry)
            {
                continue;
            }

            try
            {
                await ledger.Append(_ => new WitnessesEntry(entry), ct);
            }
            catch (ServiceUnavailableException)
            {
                // The writer has said why. Signatures stay in memory, and come with the next block.
                news.Writer.TryWrite(true);
                await Task.Delay(every - gathering, time, ct);
            }
        }
    }

    /// <summary>What is left of the time between two blocks. A clock that was set back makes it no longer.</summary>
    /// <param name="every">Least time between two.</param>
    /// <param name="last">Time of the last one, as in a block; null before the first.</param>
    /// <param name="now">By this clock.</param>
    internal static TimeSpan Rest(TimeSpan every, string? last, DateTimeOffset now) =>
        DateTimeOffset.TryParse(last, CultureInfo.InvariantCulture, out var at)
        && every - (now - at) is var rest
        && rest > TimeSpan.Zero
            ? (rest < every ? rest : every)
            : TimeSpan.Zero;

    /// <summary>
    /// What the ledger does not hold yet. A block of signatures is itself signed; that alone is no news, or a ledger at rest
    /// would grow for ever.
    /// </summary>
    private System.Collections.Immutable.ImmutableArray<WitnessSignature> New()
    {
        var index = chain.File.Index;
        var oldest = chain.Now.Count - (SignatureCheck.MaximumAge / 2);
        return
        [
            .. latest
                .Where(pair =>
                    (index.WitnessedBy(pair.Key)?.Height ?? -1) is var known
                    && pair.Value.Height > known
                    && pair.Value.Height >= oldest
                    && known < index.LastBesidesWitnesses
                )
                .OrderBy(pair => pair.Key, StringComparer.Ordinal)
                .Select(pair => new WitnessSignature(
                    pair.Key,
                    pair.Value.Height,
                    pair.Value.Hash,
                    pair.Value.Signature
                )),
        ];
    }

    private WitnessMark? LastOf(string name) => latest.GetValueOrDefault(name) ?? chain.File.Index.WitnessedBy(name);
}
