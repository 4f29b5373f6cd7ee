using System.Globalization;
using Consensus.Replicas;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace Workshop.Tests.Consensus.Replicas;

/// <summary>What replicas begin with, and what they do not begin with.</summary>
public sealed class ReplicaStartTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Without_addresses_one_process_keeps_the_ledger()
    {
        Assert.Null(ReplicaOptions.Read(Settings(0), out var none));
        Assert.Null(none);
        Assert.Null(ReplicaOptions.Read(Settings(1), out var one));
        Assert.Null(one);
    }

    [Theory]
    [InlineData(2, "http://localhost:1", "a secret of the replicas", "1, 3 or 5")]
    [InlineData(4, "http://localhost:1", "a secret of the replicas", "1, 3 or 5")]
    [InlineData(7, "http://localhost:1", "a secret of the replicas", "1, 3 or 5")]
    [InlineData(3, "http://localhost:9", "a secret of the replicas", "Replicas:Self")]
    [InlineData(3, null, "a secret of the replicas", "Replicas:Self")]
    [InlineData(3, "http://localhost:1", "short", "Replicas:Secret")]
    [InlineData(3, "http://localhost:1", null, "Replicas:Secret")]
    public void What_cannot_work_is_refused_in_a_sentence(int count, string? self, string? secret, string words)
    {
        Assert.Null(ReplicaOptions.Read(Settings(count, self, secret), out var problem));
        Assert.Contains(words, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Addresses_that_are_twice_the_same_or_none_are_refused()
    {
        var twice = Settings(3, "http://localhost:1", ReplicaGroup.Secret);
        twice["Replicas:Addresses:2"] = "http://localhost:2/";
        Assert.Null(ReplicaOptions.Read(twice, out var problem));
        Assert.Contains("Replicas:Addresses", problem, StringComparison.Ordinal);

        twice["Replicas:Addresses:2"] = "somewhere";
        Assert.Null(ReplicaOptions.Read(twice, out problem));
        Assert.Contains("Replicas:Addresses", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Three_replicas_know_themselves_and_the_others()
    {
        var options = ReplicaOptions.Read(Settings(3, "http://localhost:2", ReplicaGroup.Secret), out var problem);

        Assert.Null(problem);
        Assert.Equal(
            ["http://localhost:1/", "http://localhost:3/"],
            options!.Others.Select(other => other.AbsoluteUri),
            StringComparer.Ordinal
        );
    }

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
            "settles by the rules",
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

    private static async Task<int> Ended(System.Diagnostics.Process process)
    {
        await process.WaitForExitAsync(Stop);
        return process.ExitCode;
    }

    private static IConfigurationRoot Settings(int count, string? self = null, string? secret = null) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(
                Enumerable
                    .Range(1, count)
                    .Select(n =>
                        KeyValuePair.Create(
                            string.Create(CultureInfo.InvariantCulture, $"Replicas:Addresses:{n - 1}"),
                            (string?)string.Create(CultureInfo.InvariantCulture, $"http://localhost:{n}")
                        )
                    )
                    .Append(KeyValuePair.Create("Replicas:Self", self))
                    .Append(KeyValuePair.Create("Replicas:Secret", secret))
            )
            .Build();
}
