using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using LaboratoryBench.Processes;
using LaboratoryBench.Replicas;
using Microsoft.Extensions.Logging.Abstractions;
using Workshop.Ledger.Witnesses;
using Workshop.Tests.ServiceDefaults.Files;
using Xunit;

namespace Workshop.Tests.Consensus.Replicas;

/// <summary>Faults of one of three replicas beyond its death: it hangs, or its disk is full.</summary>
public sealed class ReplicaFaultTests
{
    /// <summary>Room for a log and a ledger that begin, in KiB.</summary>
    private const int DiskKibibytes = 2048;

    /// <summary>More than fit into what a full disk has left in the pages of its files.</summary>
    private const int MostBlocks = 60;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_leader_that_hangs_is_replaced_and_follows_when_it_goes_on()
    {
        await using var group = await ReplicaGroup.Start(Stop);
        var told = new List<long> { await group.PatientBatch(Key(0), Stop) };
        var hanging = await group.Leader(Stop);
        // The work that it was given before stays half done for as long as it hangs.
        var caller = group.PatientBatch(Key(1), Stop);
        await group.ProcessOf(hanging).Pause();
        var next = await group.Leader(Stop);
        Assert.NotEqual(hanging, next);
        told.Add(await caller);
        told.Add(await group.PatientBatch(Key(2), Stop));

        group.ProcessOf(hanging).Resume();
        // It may take itself for the leader yet.
        using var early = await group.Batch(hanging, Key(3), Stop);
        told.Add(await group.PatientBatch(Key(3), Stop));
        await Eventually.Holds(async () => await RoleOf(group, hanging) is "follower", Stop);

        await Nothing_is_lost_or_doubled(group, told);
    }

    [Fact]
    public async Task A_replica_with_a_full_disk_ends_alone_and_goes_on_when_it_is_started_with_room()
    {
        await using var disk = await SmallDisk.Mount("replica", DiskKibibytes);
        await using var group = await ReplicaGroup.Start(Stop, lastFolder: disk.Folder);
        var told = new List<long> { await group.PatientBatch(Key(0), Stop) };
        await group.UntilAllAreEqual(Stop);
        var process = group.ProcessOf(group.Last).Process;
        disk.Fill();
        // Pages that the log has on the disk take some blocks yet.
        while (!process.HasExited && told.Count < MostBlocks)
        {
            told.Add(await group.PatientBatch(Key(told.Count), Stop));
        }

        Assert.True(process.HasExited);
        told.Add(await group.PatientBatch(Key(told.Count), Stop));
        disk.Free();
        await group.Kill(group.Last);
        group.Run(group.Last);
        told.Add(await group.PatientBatch(Key(told.Count), Stop));
        await Nothing_is_lost_or_doubled(group, told);
    }

    /// <summary>A follower that has just started counts an entry of the leader's term alone as the leader's.</summary>
    [Fact]
    public async Task A_leader_whose_followers_were_all_started_again_goes_on()
    {
        await using var group = await ReplicaGroup.Start(Stop);
        var told = new List<long> { await group.PatientBatch(Key(0), Stop) };
        var leader = await group.Leader(Stop);
        foreach (var follower in group.Running.Where(replica => replica != leader).ToArray())
        {
            await group.Kill(follower);
            group.Run(follower);
            await group.UntilAllAreEqual(Stop);
        }

        told.Add(await group.PatientBatch(Key(1), Stop));
        await Nothing_is_lost_or_doubled(group, told);
    }

    [Fact]
    public async Task A_leader_that_is_cut_off_writes_nothing_and_the_others_go_on_without_it()
    {
        Assert.SkipWhen(NetworkNamespace.Lack is not null, NetworkNamespace.Lack ?? "");
        using var elsewhere = NetworkNamespace.Make();
        await using var group = await ReplicaGroup.StartAcross(elsewhere, Stop);
        var told = new List<long> { await group.PatientBatch(Key(0), Stop) };

        var caller = group.PatientBatch(Key(1), Stop);
        elsewhere.Connect(isConnected: false);
        told.Add(await caller);
        Assert.Equal("503", await group.AskThere("/iris/batches", Stop, "--json", """{ "size": 4 }"""));
        Assert.NotEqual("leader", await group.RoleThere(Stop), StringComparer.Ordinal);

        elsewhere.Connect(isConnected: true);
        told.Add(await group.PatientBatch(Key(2), Stop));
        await Nothing_is_lost_or_doubled(group, told);
    }

    [Fact]
    public async Task A_witness_that_goes_from_replica_to_replica_sees_one_history()
    {
        await using var group = await ReplicaGroup.Start(Stop);
        var folder = TestFolders.Create("witness");
        using var http = LedgerSource.Client([.. group.Addresses.Select(address => new Uri(address))]);
        var conflicts = new List<LedgerConflict>();
        var witness = new Witness(
            new(folder) { FirstPause = TimeSpan.FromMilliseconds(50), LongestPause = TimeSpan.FromMilliseconds(200) },
            http,
            TimeProvider.System,
            NullLogger.Instance
        )
        {
            Changed = status => conflicts.AddRange(status.Conflict is { } found ? [found] : []),
        };
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var following = Task.Run(() => witness.Follow(enough.Token), Stop);
        var told = new List<long>();
        // It begins with the first, and goes to the next when that one is killed.
        for (var replica = 0; replica < 3; replica++)
        {
            told.Add(await group.PatientBatch(Key(2 * replica), Stop));
            await Reached(witness, group);
            await group.Kill(replica);
            told.Add(await group.PatientBatch(Key((2 * replica) + 1), Stop));
            await Reached(witness, group);
            group.Run(replica);
            await group.UntilAllAreEqual(Stop);
        }

        await enough.CancelAsync();
        await Task.WhenAny(following);
        Assert.Empty(conflicts);
        await Nothing_is_lost_or_doubled(group, told);
        Directory.Delete(folder, recursive: true);
    }

    private static string Key(int number) =>
        string.Create(CultureInfo.InvariantCulture, $"a-key-of-a-patient-caller-{number}");

    private static async Task Reached(Witness witness, ReplicaGroup group)
    {
        var blocks = await group.UntilAllAreEqual(Stop);
        await Eventually.Holds(() => Task.FromResult(witness.Status.Replayed >= blocks), Stop);
    }

    /// <summary>Each block that a caller was told of is there once, and in each file the same.</summary>
    private static async Task Nothing_is_lost_or_doubled(ReplicaGroup group, List<long> told)
    {
        await group.UntilAllAreEqual(Stop);
        Assert.Equal(Enumerable.Range(0, told.Count).Select(number => (long)number), told.Order());
        Assert.Equal(group.LedgerOf(0), group.LedgerOf(1));
        Assert.Equal(group.LedgerOf(0), group.LedgerOf(2));
        var batches = await group.Http.GetFromJsonAsync<JsonElement>($"{group.Addresses[0]}/iris/batches", Stop);
        Assert.Equal(told.Count, batches.GetProperty("count").GetInt64());
    }

    private static async Task<string?> RoleOf(ReplicaGroup group, int replica) =>
        (await group.Look(replica))?.GetProperty("role").GetString();
}
