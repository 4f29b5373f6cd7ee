using Workshop.Ledger.Blocks;
using Workshop.Ledger.Mechanism;

namespace Consensus.Ledger;

/// <summary>What a witness signed, and when that came.</summary>
/// <param name="Height">Of the block.</param>
/// <param name="Hash">Of that block.</param>
/// <param name="Signature">Base64.</param>
/// <param name="Time">As in a block.</param>
internal sealed record WitnessMark(long Height, string Hash, string Signature, string Time);

/// <summary>Where things stand in a ledger. One writer adds; readers may read at any time.</summary>
public sealed class LedgerIndex
{
    private readonly Lock gate = new();

    private readonly List<Place> places = [];

    private readonly Dictionary<string, List<long>> batches = new(StringComparer.Ordinal);

    private readonly Dictionary<(string Network, long Number), List<long>> truths = [];

    private readonly Dictionary<(string Network, string Key), (long Number, string Request)> intents = [];

    private readonly Dictionary<string, WitnessMark> witnessed = new(StringComparer.Ordinal);

    private readonly History history = new();

    private long lastBesidesWitnesses = -1;

    private string? lastWitnessesAt;

    /// <summary>Time of the newest block of signatures; null while there is none.</summary>
    internal string? LastWitnessesAt
    {
        get
        {
            lock (gate)
            {
                return lastWitnessesAt;
            }
        }
    }

    /// <summary>Height of the newest block that holds more than signatures; -1 while there is none.</summary>
    internal long LastBesidesWitnesses
    {
        get
        {
            lock (gate)
            {
                return lastBesidesWitnesses;
            }
        }
    }

    /// <summary>Forgets everything, before the ledger is read anew.</summary>
    internal void Clear()
    {
        lock (gate)
        {
            places.Clear();
            batches.Clear();
            truths.Clear();
            intents.Clear();
            witnessed.Clear();
            lastBesidesWitnesses = -1;
            lastWitnessesAt = null;
            history.Clear();
        }
    }

    /// <summary>Adds the next block.</summary>
    internal void Add(Block block, Place place)
    {
        lock (gate)
        {
            if (block.Payload is BatchEntry batch)
            {
                if (!batches.TryGetValue(batch.Network, out var heights))
                {
                    batches[batch.Network] = heights = [];
                }

                heights.Add(places.Count);
                if (batch.Intent is { } intent)
                {
                    intents[(batch.Network, intent.Key)] = (batch.Number, intent.Request);
                }
            }

            if (block.Payload is TruthEntry truth)
            {
                if (!truths.TryGetValue((truth.Network, truth.Number), out var heights))
                {
                    truths[(truth.Network, truth.Number)] = heights = [];
                }

                heights.Add(places.Count);
            }

            if (block.Payload is WitnessesEntry { Witnesses: { IsDefault: false } signatures })
            {
                lastWitnessesAt = block.Time;
                foreach (var one in signatures)
                {
                    witnessed[one.Name] = new(one.Height, one.Hash, one.Signature, block.Time);
                }
            }
            else
            {
                lastBesidesWitnesses = places.Count;
            }

            places.Add(place);
            history.Add(block);
        }
    }

    /// <summary>Where a block stands, or null.</summary>
    internal Place? Find(long height)
    {
        lock (gate)
        {
            return height >= 0 && height < places.Count ? places[(int)height] : null;
        }
    }

    /// <summary>What a witness signed last, as far as it stands in a block; null where nothing does.</summary>
    internal WitnessMark? WitnessedBy(string name)
    {
        lock (gate)
        {
            return witnessed.GetValueOrDefault(name);
        }
    }

    /// <summary>The last things that happened to a member, newest first.</summary>
    public IReadOnlyList<HistoryItem> HistoryOf(string member)
    {
        lock (gate)
        {
            return history.Of(member);
        }
    }

    /// <summary>What a member earned and lost, also one that has left.</summary>
    internal MemberTotals TotalsOf(string member)
    {
        lock (gate)
        {
            return history.TotalsOf(member);
        }
    }

    /// <summary>Heights of the blocks that told truths of a batch later, oldest first.</summary>
    public IReadOnlyList<long> TruthsOf(string network, long number)
    {
        lock (gate)
        {
            return [.. truths.GetValueOrDefault((network, number), [])];
        }
    }

    /// <summary>The batch that was run under a key, and what was asked for; null where the key is unused.</summary>
    public (long Number, string Request)? BatchUnder(string network, string key)
    {
        lock (gate)
        {
            return intents.TryGetValue((network, key), out var found) ? found : null;
        }
    }

    /// <summary>Height of a batch, or null.</summary>
    public long? HeightOfBatch(string network, long number)
    {
        lock (gate)
        {
            return batches.TryGetValue(network, out var heights) && number >= 0 && number < heights.Count
                ? heights[(int)number]
                : null;
        }
    }
}
