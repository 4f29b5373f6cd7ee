using LaboratoryBench.Replicas;
using Xunit;

namespace Workshop.Tests.Consensus.Replicas;

/// <summary>What replicas begin with, and what they do not begin with.</summary>
public sealed class ReplicaStartTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_ledger_of_one_process_is_taken_over_by_three_with_its_key()
    {
        await using var group = await ReplicaGroup.Start(Stop);
        await group.PatientBatch("a-key-of-a-patient-caller", Stop);
        await group.UntilAllAreEqual(Stop);
        await group.KillAll();
        // As if it had been alone all the time: its ledger and its key, and no log of replicas.
        var before = group.LedgerOf(1);
        var key = await File.ReadAllBytesAsync(Path.Combine(group.FolderOf(1), "gold.key"), Stop);
        Directory.Delete(group.FolderOf(0), recursive: true);
        Directory.Delete(group.FolderOf(2), recursive: true);
        Directory.Delete(Path.Combine(group.FolderOf(1), "replica"), recursive: true);
        for (var replica = 0; replica < 3; replica++)
        {
            group.Run(replica);
        }

        await group.UntilAllAreHealthy(Stop);
        Assert.Equal(1, await group.PatientBatch("another-key-of-that-caller", Stop));
        await group.UntilAllAreEqual(Stop);

        Assert.Equal(before, group.LedgerOf(0).AsSpan(0, before.Length));
        Assert.Equal(group.LedgerOf(0), group.LedgerOf(1));
        Assert.Equal(group.LedgerOf(0), group.LedgerOf(2));
        Assert.Equal(key, await File.ReadAllBytesAsync(Path.Combine(group.FolderOf(2), "gold.key"), Stop));
    }

    [Fact]
    public async Task A_replica_with_other_rules_or_an_even_number_ends_with_a_sentence()
    {
        await using var group = await ReplicaGroup.Start(Stop);
        await group.Kill(2);

        var stranger = group.Run(2, ("Consensus__Mechanism__PotCents", "101"));
        Assert.Equal(3, await Ended(stranger));
        Assert.Contains(
            "works by the rules",
            await stranger.StandardError.ReadToEndAsync(Stop),
            StringComparison.Ordinal
        );

        await group.Kill(2);
        var even = group.Run(2, ("Replicas__Addresses__3", "http://localhost:1"));
        Assert.Equal(3, await Ended(even));
        Assert.Contains("1, 3 or 5", await even.StandardError.ReadToEndAsync(Stop), StringComparison.Ordinal);

        await group.Kill(2);
        group.Run(2);
        await group.UntilAllAreEqual(Stop);
    }

    [Fact]
    public async Task Replicas_whose_rules_the_ledger_refuses_end_with_a_sentence()
    {
        await using var group = await ReplicaGroup.Start(Stop);
        await group.KillAll();

        // More than the members that are there have put down.
        var replicas = Enumerable
            .Range(0, 3)
            .Select(replica =>
                group.Run(
                    replica,
                    ("Consensus__Mechanism__EjectionCents", "200000"),
                    ("Consensus__Mechanism__MinimumDepositCents", "200000")
                )
            )
            .ToArray();
        var first = await await Task.WhenAny(replicas.Select(async replica => (await Ended(replica), replica)));

        Assert.Equal(3, first.Item1);
        Assert.Contains(
            "cannot begin as it is configured",
            await first.replica.StandardError.ReadToEndAsync(Stop),
            StringComparison.Ordinal
        );
    }

    private static async Task<int> Ended(System.Diagnostics.Process process)
    {
        await process.WaitForExitAsync(Stop);
        return process.ExitCode;
    }
}
