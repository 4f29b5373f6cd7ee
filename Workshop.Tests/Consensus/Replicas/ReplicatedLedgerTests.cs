using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LaboratoryBench.Processes;
using LaboratoryBench.Replicas;
using Workshop.Ledger.Blocks;
using Workshop.Replicas;
using Xunit;

namespace Workshop.Tests.Consensus.Replicas;

/// <summary>Three processes that keep one ledger: what is the same on all, and what goes on when some are gone.</summary>
public sealed class ReplicatedLedgerTests
{
    private static readonly string[] Keys = [.. Enumerable.Range(0, 12).Select(n => $"a-key-of-a-patient-caller-{n}")];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_block_is_on_all_three_with_the_same_bytes_wherever_it_was_asked_for()
    {
        await using var group = await ReplicaGroup.Start(Stop);
        for (var replica = 0; replica < 3; replica++)
        {
            using var answer = await group.Batch(replica, $"a-key-for-the-replica-{replica}", Stop);
            Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        }

        var blocks = await group.UntilAllAreEqual(Stop);
        var ledger = group.LedgerOf(0);
        Assert.Equal(blocks, ledger.Count(letter => letter == '\n'));
        Assert.Equal(ledger, group.LedgerOf(1));
        Assert.Equal(ledger, group.LedgerOf(2));
        Assert.True(IsValid(ledger));
        // Gold rows, seeds and members' tokens follow from one key.
        var keys = Enumerable.Range(0, 3).Select(n => Path.Combine(group.FolderOf(n), "gold.key"));
        Assert.Single(
            keys.Select(path => Convert.ToHexString(File.ReadAllBytes(path))).Distinct(StringComparer.Ordinal)
        );

        var follower = group.Addresses[await group.Follower(Stop)];
        using var predicted = await group.Http.GetAsync($"{follower}/predict?{ConsensusFixture.Setosa}", Stop);
        Assert.Equal(HttpStatusCode.OK, predicted.StatusCode);
        await Strangers_are_refused(group, follower);
    }

    [Fact]
    public async Task Leaders_that_are_killed_at_random_lose_and_double_no_block()
    {
        var figures = await LeaderKills.Go(kills: 5, seed: 22, Stop);

        Assert.True(figures.IsGood, figures.Table());
    }

    private static async Task Strangers_are_refused(ReplicaGroup group, string follower)
    {
        foreach (var path in new[] { ReplicaGate.ProtocolPath, "/Replicas/Raft", $"{ReplicaGate.ProtocolPath}/x" })
        {
            using var bare = await group.Http.PostAsync($"{follower}{path}", null, Stop);
            Assert.Equal(HttpStatusCode.Forbidden, bare.StatusCode);
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, $"{follower}{ReplicaGate.ProtocolPath}");
        request.Headers.Add(ReplicaGate.SecretHeader, ReplicaGroup.Secret);
        request.Headers.Add(ReplicaGate.RulesHeader, "1-other");
        using var other = await group.Http.SendAsync(request, Stop);
        Assert.Equal(HttpStatusCode.Conflict, other.StatusCode);

        // A page of the follower itself may write, and what is wrong with a body is told by whoever is asked.
        using var page = new HttpRequestMessage(HttpMethod.Post, $"{follower}/predictors");
        page.Content = new StringContent("{}", null, "application/json");
        page.Headers.Add("Origin", follower);
        using var own = await group.Http.SendAsync(page, Stop);
        Assert.NotEqual(HttpStatusCode.Forbidden, own.StatusCode);
        using var large = new StringContent(new('x', 100_000), null, "application/json");
        using var tooLarge = await group.Http.PostAsync($"{follower}/predictors", large, Stop);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, tooLarge.StatusCode);

        // What was passed on once is not passed on again.
        using var passed = new HttpRequestMessage(HttpMethod.Post, $"{follower}/iris/batches");
        passed.Headers.Add(Forwarding.Hop, "somebody");
        using var refused = await group.Http.SendAsync(passed, Stop);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
    }

    [Fact]
    public async Task A_killed_leader_is_replaced_and_what_was_acknowledged_stands_once()
    {
        await using var group = await ReplicaGroup.Start(Stop);
        var numbers = new Dictionary<string, long>(StringComparer.Ordinal);
        for (var round = 0; round < 2; round++)
        {
            var leader = await group.Leader(Stop);
            var caller = Task.Run(
                async () =>
                {
                    foreach (var key in Keys.Skip(round * Keys.Length / 2).Take(Keys.Length / 2))
                    {
                        numbers[key] = await group.PatientBatch(key, Stop);
                    }
                },
                Stop
            );
            await Task.Delay(TimeSpan.FromMilliseconds(30 * (round + 1)), Stop);
            await group.Kill(leader);
            await caller;
            var blocks = await group.UntilAllAreEqual(Stop);

            group.Run(leader);
            await Eventually.Holds(
                async () => (await group.Look(leader))?.GetProperty("blocks").GetInt64() >= blocks,
                Stop
            );
        }

        await group.UntilAllAreEqual(Stop);
        var ledger = group.LedgerOf(0);
        Assert.Equal(ledger, group.LedgerOf(1));
        Assert.Equal(ledger, group.LedgerOf(2));
        Assert.True(IsValid(ledger));
        // One block for each key, with the number that its caller was told.
        Assert.Equal(Keys.Length, numbers.Values.Distinct().Count());
        foreach (var (key, number) in numbers)
        {
            Assert.Equal(number, await group.PatientBatch(key, Stop));
        }

        Assert.Equal(Keys.Length, await Batches(group, 0));
    }

    [Fact]
    public async Task Without_a_majority_reads_go_on_and_writes_are_refused_in_words_within_a_bound()
    {
        await using var group = await ReplicaGroup.Start(Stop);
        await group.PatientBatch(Keys[0], Stop);
        await group.UntilAllAreEqual(Stop);
        await group.Kill(0);
        await group.Kill(1);

        var watch = Stopwatch.StartNew();
        using var refused = await group.Batch(2, Keys[1], Stop);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(15));
        Assert.Contains("majority", await refused.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        foreach (
            var read in new[]
            {
                "/health",
                "/ledger",
                "/predictors",
                "/iris/batches",
                $"/predict?{ConsensusFixture.Setosa}",
            }
        )
        {
            // It has asked no member yet, and the first time takes longer.
            await Eventually.Gives(
                async () =>
                {
                    using var answer = await group.Http.GetAsync($"{group.Addresses[2]}{read}", Stop);
                    return answer.StatusCode;
                },
                status => status is HttpStatusCode.OK,
                Stop,
                text: read
            );
        }

        group.Run(0);
        Assert.Equal(1, await group.PatientBatch(Keys[1], Stop));
    }

    [Fact]
    public async Task A_replica_without_its_disk_takes_part_again_once_it_has_the_ledger()
    {
        // The others' logs are cut off by then, so that the ledger has to be fetched.
        await using var group = await ReplicaGroup.Start(Stop, setting: ("Replicas__EntriesPerMark", "3"));
        await group.PatientBatch(Keys[0], Stop);
        var lost = await group.Follower(Stop);
        await group.Kill(lost);
        Directory.Delete(group.FolderOf(lost), recursive: true);
        await group.PatientBatch(Keys[1], Stop);

        group.Run(lost);
        await group.UntilAllAreEqual(Stop);
        await Eventually.Holds(
            async () => (await group.Look(lost))?.GetProperty("role").GetString() is "follower",
            Stop
        );
        Assert.Equal(group.LedgerOf((lost + 1) % 3), group.LedgerOf(lost));

        // It counts: with it and without the leader there is a majority.
        await group.Kill(await group.Leader(Stop));
        Assert.Equal(2, await group.PatientBatch(Keys[2], Stop));
    }

    [Fact]
    public async Task All_killed_in_one_moment_lose_nothing_that_was_acknowledged()
    {
        await using var group = await ReplicaGroup.Start(Stop);
        for (var round = 0; round < 3; round++)
        {
            var number = await group.PatientBatch(Keys[round], Stop);
            await group.KillAll();
            for (var replica = 0; replica < 3; replica++)
            {
                group.Run(replica);
            }

            await group.UntilAllAreHealthy(Stop);
            Assert.Equal(number, await group.PatientBatch(Keys[round], Stop));
            Assert.Equal(round + 1, await Batches(group, await group.Leader(Stop)));
        }

        await group.UntilAllAreEqual(Stop);
        Assert.Equal(group.LedgerOf(0), group.LedgerOf(1));
        Assert.Equal(group.LedgerOf(0), group.LedgerOf(2));
    }

    /// <summary>Balances and weights by a replay of the file, as anybody can make it.</summary>
    private static bool IsValid(byte[] ledger)
    {
        using var file = new MemoryStream(ledger);
        LedgerReader.ReadAll(file, new Replay());
        return true;
    }

    private static async Task<long> Batches(ReplicaGroup group, int replica) =>
        (await group.Http.GetFromJsonAsync<JsonElement>($"{group.Addresses[replica]}/iris/batches", Stop))
            .GetProperty("count")
            .GetInt64();
}
