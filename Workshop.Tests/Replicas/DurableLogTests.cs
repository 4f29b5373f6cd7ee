using DotNext.Net.Cluster.Consensus.Raft;
using DotNext.Net.Cluster.Consensus.Raft.StateMachine;
using Workshop.Replicas;
using Workshop.Tests.Fixtures;
using Xunit;

namespace Workshop.Tests.Replicas;

/// <summary>What a leader learns from its log when it begins to lead.</summary>
public sealed class DurableLogTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_entry_of_a_leader_says_nothing_and_tells_its_term()
    {
        var folder = TestFolders.Create("log");
        await using (var log = new DurableLog(folder, new Nothing()))
        {
            await log.InitializeAsync(Stop);
            await Apply(log, new BinaryLogEntry { Content = new byte[] { 1 }, Term = 3 });
            Assert.Equal(3, await log.AppliedTerm(Stop));

            await Apply(log, new EmptyLogEntry { Term = 5 });
            Assert.Equal(5, await log.AppliedTerm(Stop));
        }

        Directory.Delete(folder, recursive: true);
    }

    private static async Task Apply<T>(DurableLog log, T entry)
        where T : IRaftLogEntry
    {
        var index = await log.AppendAsync(entry, Stop);
        await log.CommitAsync(index, Stop);
        await log.WaitForApplyAsync(index, Stop);
    }

    /// <summary>A service that keeps nothing.</summary>
    private sealed class Nothing : IStateMachine
    {
        public ISnapshot? Snapshot => null;

        public ValueTask ReclaimGarbageAsync(long watermark, CancellationToken token) => ValueTask.CompletedTask;

        public ValueTask<long> ApplyAsync(LogEntry entry, CancellationToken token) => ValueTask.FromResult(entry.Index);
    }
}
