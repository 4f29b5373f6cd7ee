using DotNext.IO;
using DotNext.Net.Cluster.Consensus.Raft;
using DotNext.Net.Cluster.Consensus.Raft.StateMachine;
using LaboratoryBench.Processes;
using Workshop.Replicas;
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

    /// <summary>A leader that lost the answer sends its snapshot again, and has to hear that it is here.</summary>
    [Fact]
    public async Task A_snapshot_that_comes_again_is_taken_and_changes_nothing()
    {
        var folder = TestFolders.Create("log");
        var state = new Nothing();
        await using (var log = new DurableLog(folder, state))
        {
            await log.InitializeAsync(Stop);
            IPersistentState seenByTheLibrary = log;
            var snapshot = new Nothing.Sent(Index: 9, Term: 2);
            for (var sent = 0; sent < 2; sent++)
            {
                Assert.True(snapshot.Index > seenByTheLibrary.LastCommittedEntryIndex);
                await seenByTheLibrary.AppendAsync(snapshot, snapshot.Index, Stop);
                Assert.Equal((1, 9), (state.Snapshots, log.LastCommittedEntryIndex));
            }

            await Apply(log, new EmptyLogEntry { Term = 2 });
            Assert.Equal(10, seenByTheLibrary.LastCommittedEntryIndex);
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

    /// <summary>A service that keeps the last snapshot alone.</summary>
    private sealed class Nothing : IStateMachine
    {
        public ISnapshot? Snapshot { get; private set; }

        internal int Snapshots { get; private set; }

        public ValueTask ReclaimGarbageAsync(long watermark, CancellationToken token) => ValueTask.CompletedTask;

        public ValueTask<long> ApplyAsync(LogEntry entry, CancellationToken token)
        {
            if (entry.IsSnapshot)
            {
                Snapshots++;
                Snapshot = new Sent(entry.Index, entry.Term);
            }

            return ValueTask.FromResult(entry.Index);
        }

        internal sealed record Sent(long Index, long Term) : ISnapshot
        {
            public bool IsSnapshot => true;

            public bool IsReusable => true;

            public long? Length => 1;

            public ValueTask WriteToAsync<TWriter>(TWriter writer, CancellationToken token)
                where TWriter : IAsyncBinaryWriter => writer.Invoke(new byte[] { 1 }, token);
        }
    }
}
