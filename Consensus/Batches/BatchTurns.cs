using System.Collections.Immutable;
using Consensus.Ledger;
using Workshop.Ledger.Blocks;
using Workshop.Ledger.Mechanism;
using Workshop.Ledger.Networks;
using Workshop.ServiceDefaults.Errors;

namespace Consensus.Batches;

/// <summary>
/// One batch of a network at a time knows its number: its gold rows follow from the seed of that number, so nobody else
/// may take it before the batch is written.
/// </summary>
internal sealed class BatchTurns(LedgerWriter ledger, GoldKey key) : IDisposable
{
    /// <summary>A turn takes about a second at most: members have their deadline, and the disk its queue.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private readonly ImmutableDictionary<string, SemaphoreSlim> gates = Schema.All.ToImmutableDictionary(
        schema => schema.Network.Name,
        _ => new SemaphoreSlim(1),
        StringComparer.Ordinal
    );

    /// <summary>Waits for the network's turn.</summary>
    /// <returns>The turn; dispose of it once the batch is written, or given up.</returns>
    /// <exception cref="ServiceUnavailableException">It did not come within 10 s.</exception>
    internal async Task<BatchTurn> Take(Schema schema, CancellationToken ct)
    {
        var gate = gates[schema.Network.Name];
        if (!await gate.WaitAsync(LongestWait, ct))
        {
            throw new ServiceUnavailableException("The batches before this one take too long; ask again.");
        }

        var network = ledger.Now.State.Networks[schema.Network.Name];
        var seed = key.SeedOf(schema.Network.Name, network.Batches);
        return new(gate)
        {
            Number = network.Batches,
            Seed = network.Commitment is null ? null : seed,
            Commitment = network.Commitment is null
                ? null
                : GoldDraw.Commit(key.SeedOf(schema.Network.Name, network.Batches + 1)),
            Gold = GoldDraw.Order(schema.HeldOut, seed),
        };
    }

    public void Dispose()
    {
        foreach (var gate in gates.Values)
        {
            gate.Dispose();
        }
    }
}

/// <summary>The right to write a network's next batch.</summary>
/// <param name="gate">Released when the turn is over.</param>
internal sealed class BatchTurn(SemaphoreSlim gate) : IDisposable
{
    private int isOver;

    /// <summary>Of the batch.</summary>
    internal required long Number { get; init; }

    /// <summary>Hexadecimal; null in a ledger without commitments.</summary>
    internal required string? Seed { get; init; }

    /// <summary>To the next seed; null in a ledger without commitments.</summary>
    internal required string? Commitment { get; init; }

    /// <summary>The pool in the order in which the seed draws from it.</summary>
    internal required ImmutableArray<HeldOutRow> Gold { get; init; }

    /// <summary>A batch with its number, its seed and the next commitment.</summary>
    internal BatchEntry Seal(BatchEntry batch) => batch with { Number = Number, Seed = Seed, Commitment = Commitment };

    public void Dispose()
    {
        if (Interlocked.Exchange(ref isOver, 1) == 0)
        {
            gate.Release();
        }
    }
}
