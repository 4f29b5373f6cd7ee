using Consensus.Ledger;
using Consensus.Replicas;
using DotNext.IO;
using DotNext.Net.Cluster.Consensus.Raft;
using LaboratoryBench.Processes;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Workshop.Replicas;
using Workshop.ServiceDefaults.Loops;
using Xunit;

namespace Workshop.Tests.Consensus.Replicas;

/// <summary>A replica that is behind is sent a mark, and fetches the blocks.</summary>
public sealed class LateBlocksTests
{
    private const int PlaceInTheLog = 9;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>A leader waits for the answer for less time than a long ledger takes to come.</summary>
    [Fact]
    public async Task A_mark_is_answered_before_its_blocks_are_here()
    {
        var folder = TestFolders.Create("late");
        // Nobody has the blocks.
        var nowhere = new Uri($"http://localhost:{FreePorts.Next()}");
        var options = new ReplicaOptions(new("http://localhost:1"), [nowhere], "");
        using (var chain = new LedgerChain(folder, TimeProvider.System))
        {
            var lifetime = new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance);
            using var fetch = new LedgerFetch(options, chain, TimeProvider.System, NullLogger<LedgerFetch>.Instance);
            var key = GoldKey.Find(folder);
            var ledger = new ReplicatedLedger(
                options,
                chain,
                key,
                fetch,
                new(lifetime),
                new(TimeProvider.System, NullLogger<Background>.Instance),
                lifetime,
                folder,
                TimeProvider.System,
                NullLogger<ReplicatedLedger>.Instance
            );
            await using var log = new DurableLog(Path.Combine(folder, "log"), ledger);
            await log.InitializeAsync(Stop);
            var mark = new LedgerMark(5, new('a', 64), GoldKey.Make());

            await log.AppendAsync(new Sent(mark), PlaceInTheLog, Stop);

            Assert.Equal(PlaceInTheLog, log.LastCommittedEntryIndex);
            Assert.Equal(0, chain.Now.Count);
            await Eventually.Holds(
                () => Task.FromResult(string.Equals(key.Known, mark.Key, StringComparison.Ordinal)),
                Stop
            );
            // Who is elected now waits for the blocks before it leads.
            using var enough = CancellationTokenSource.CreateLinkedTokenSource(Stop);
            var leading = ledger.Arrive(enough.Token);
            Assert.False(leading.IsCompleted);
            await enough.CancelAsync();
            lifetime.StopApplication();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leading);
        }

        Directory.Delete(folder, recursive: true);
    }

    private sealed record Sent(LedgerMark Mark) : IRaftLogEntry
    {
        private readonly JsonSnapshot<LedgerMark> snapshot = new(PlaceInTheLog, 1, Mark);

        public long Term => snapshot.Term;

        public bool IsSnapshot => true;

        public bool IsReusable => true;

        public long? Length => snapshot.Length;

        public ValueTask WriteToAsync<TWriter>(TWriter writer, CancellationToken token)
            where TWriter : IAsyncBinaryWriter => snapshot.WriteToAsync(writer, token);
    }
}
