using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LaboratoryBench.Processes;
using LaboratoryBench.Replicas;
using Xunit;

namespace Workshop.Tests.Registry.Replicas;

/// <summary>Three registries: whichever is asked answers, and what one was told all know, also when it is gone.</summary>
public sealed class ReplicatedLeasesTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_that_registered_is_known_to_all_and_outlives_the_leader()
    {
        await using var group = await RegistryGroup.Start(Stop);
        await using var server = await StubServer.Start(Stop);
        var leader = await group.Leader(Stop);
        using (var first = await group.Register(await group.Follower(Stop), "one", server.Port, Stop))
        {
            Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        }

        foreach (var replica in group.Running)
        {
            await Eventually.Holds(async () => StateOf(await group.Find(replica, "one", Stop)) is "live", Stop);
        }

        var before = await IndexAt(group, leader);
        await group.Kill(leader);
        var next = await group.Leader(Stop);
        foreach (var replica in group.Running)
        {
            // No moment without it: a reader that was sent there before is sent there still.
            Assert.Equal("live", StateOf(await group.Find(replica, "one", Stop)));
        }

        using (var beat = await group.Register(next, "one", server.Port, Stop))
        {
            Assert.Equal(HttpStatusCode.OK, beat.StatusCode);
        }

        Assert.True(await IndexAt(group, next) > before);
        server.Kill();
        foreach (var replica in group.Running)
        {
            await Eventually.Holds(async () => StateOf(await group.Find(replica, "one", Stop)) is "dead", Stop);
        }

        group.Run(leader);
        await group.UntilAllAreHealthy(Stop);
        Assert.Equal("dead", StateOf(await group.Find(leader, "one", Stop)));
    }

    [Fact]
    public async Task A_server_that_left_is_gone_for_all_also_under_the_next_leader()
    {
        await using var group = await RegistryGroup.Start(Stop);
        await using var server = await StubServer.Start(Stop);
        using var registered = await group.Register(0, "one", server.Port, Stop);
        using (var left = await group.Leave(1, "one", Stop))
        {
            Assert.Equal(HttpStatusCode.NoContent, left.StatusCode);
        }

        await group.Kill(await group.Leader(Stop));
        var next = await group.Leader(Stop);

        Assert.Null(await group.Find(next, "one", Stop));
        using var again = await group.Register(next, "one", server.Port, Stop);
        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
    }

    [Fact]
    public async Task Five_leaders_killed_at_random_points_cost_no_registration()
    {
        var figures = await RegistryKills.Go(kills: 5, seed: 22, Stop);

        Assert.Equal(5, figures.NewLeader.Count);
        Assert.True(figures.Acknowledged > 0);
        Assert.Equal(0, figures.Lost);
    }

    [Fact]
    public async Task Without_a_majority_what_was_seen_last_is_read_and_nothing_is_written()
    {
        await using var group = await RegistryGroup.Start(Stop);
        await using var server = await StubServer.Start(Stop);
        using var registered = await group.Register(0, "one", server.Port, Stop);
        var survivor = await group.Follower(Stop);
        await Eventually.Holds(async () => StateOf(await group.Find(survivor, "one", Stop)) is "live", Stop);
        var others = group.Running.Where(replica => replica != survivor).ToArray();
        foreach (var other in others)
        {
            await group.Kill(other);
        }

        Assert.Equal("live", StateOf(await group.Find(survivor, "one", Stop)));
        using (var refused = await group.Register(survivor, "two", server.Port, Stop))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.NotNull(refused.Headers.RetryAfter);
            var problem = await refused.Content.ReadFromJsonAsync<JsonElement>(Stop);
            Assert.Contains("majority", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }

        group.Run(others[0]);
        await Eventually.Holds(
            async () =>
            {
                using var taken = await group.Register(survivor, "two", server.Port, Stop);
                return taken.IsSuccessStatusCode;
            },
            Stop
        );
        await Eventually.Holds(async () => StateOf(await group.Find(others[0], "two", Stop)) is "live", Stop);
    }

    private static string? StateOf(JsonElement? instance) => instance?.GetProperty("state").GetString();

    private static async Task<long> IndexAt(RegistryGroup group, int replica)
    {
        var service = await group.Http.GetFromJsonAsync<JsonElement>(
            $"{group.Addresses[replica]}/services/shop-api",
            Stop
        );
        return service.GetProperty("index").GetInt64();
    }
}
