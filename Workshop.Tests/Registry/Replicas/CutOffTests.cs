using System.Net;
using System.Text.Json;
using Workshop.Tests.Fixtures;
using Xunit;

namespace Workshop.Tests.Registry.Replicas;

/// <summary>A registry on another machine, whose wire is cut while it leads.</summary>
public sealed class CutOffTests
{
    /// <summary>Elections until the one elsewhere leads: each is won by one of two.</summary>
    private const int MostElections = 12;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_leader_that_is_cut_off_leads_no_more_and_the_others_go_on_without_it()
    {
        Assert.SkipWhen(NetworkNamespace.Lack is not null, NetworkNamespace.Lack ?? "");
        using var elsewhere = NetworkNamespace.Make();
        await using var group = await RegistryGroup.StartAcross(elsewhere, Stop);
        await UntilTheFarOneLeads(group);
        using var one = await group.Register(0, "one", 1, Stop);
        Assert.Equal(HttpStatusCode.Created, one.StatusCode);

        elsewhere.Connect(isConnected: false);
        var next = await group.Leader(Stop, except: RegistryGroup.Far);
        using var two = await group.Register(next, "two", 2, Stop);
        Assert.Equal(HttpStatusCode.Created, two.StatusCode);
        Assert.NotNull(await group.Find(next, "one", Stop));

        Assert.NotEqual("leader", await RoleThere(elsewhere, group), StringComparer.Ordinal);
        Assert.Equal("503", await RegisterThere(elsewhere, group));

        elsewhere.Connect(isConnected: true);
        await Eventually.Holds(async () => await group.Find(RegistryGroup.Far, "two", Stop) is not null, Stop);
        Assert.Null(await group.Find(RegistryGroup.Far, "three", Stop));
        Assert.Null(await group.Find(next, "three", Stop));
    }

    private static async Task UntilTheFarOneLeads(RegistryGroup group)
    {
        for (var election = 0; await group.Leader(Stop) is var leader && leader != RegistryGroup.Far; election++)
        {
            Assert.True(election < MostElections, "The registry elsewhere was never elected.");
            await group.Kill(leader);
            await group.Leader(Stop);
            group.Run(leader);
            await group.UntilAllAreHealthy(Stop);
        }
    }

    private static async Task<string?> RoleThere(NetworkNamespace elsewhere, RegistryGroup group)
    {
        var (_, seen) = await elsewhere.Curl(Stop, $"{group.Addresses[RegistryGroup.Far]}/replicas");
        using var answer = JsonDocument.Parse(seen);
        return answer.RootElement.GetProperty("role").GetString();
    }

    private static async Task<string> RegisterThere(NetworkNamespace elsewhere, RegistryGroup group) =>
        (
            await elsewhere.Curl(
                Stop,
                "--request",
                "PUT",
                "--header",
                $"Authorization: Bearer {RegistryServer.Token}",
                "--json",
                """{ "address": "localhost:3" }""",
                "--output",
                "/dev/null",
                "--write-out",
                "%{http_code}",
                $"{group.Addresses[RegistryGroup.Far]}/services/shop-api/three"
            )
        ).Output;
}
