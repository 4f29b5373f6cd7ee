using System.Net;
using LaboratoryBench.Processes;
using LaboratoryBench.Replicas;
using Xunit;

namespace Workshop.Tests.Registry.Replicas;

/// <summary>A registry on another machine, whose wire is cut while it leads.</summary>
public sealed class CutOffTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_leader_that_is_cut_off_leads_no_more_and_the_others_go_on_without_it()
    {
        Assert.SkipWhen(NetworkNamespace.Lack is not null, NetworkNamespace.Lack ?? "");
        using var elsewhere = NetworkNamespace.Make();
        await using var group = await RegistryGroup.StartAcross(elsewhere, Stop);
        await group.UntilItLeads(ReplicaProcesses.Far, Stop);
        using var one = await group.Register(0, "one", 1, Stop);
        Assert.Equal(HttpStatusCode.Created, one.StatusCode);

        elsewhere.Connect(isConnected: false);
        var next = await group.Leader(Stop, except: ReplicaProcesses.Far);
        using var two = await group.Register(next, "two", 2, Stop);
        Assert.Equal(HttpStatusCode.Created, two.StatusCode);
        Assert.NotNull(await group.Find(next, "one", Stop));

        Assert.NotEqual("leader", await group.RoleThere(Stop), StringComparer.Ordinal);
        Assert.Equal(
            "503",
            await group.AskThere(
                "/services/shop-api/three",
                Stop,
                "--request",
                "PUT",
                "--json",
                """{ "address": "localhost:3" }"""
            )
        );

        elsewhere.Connect(isConnected: true);
        await Eventually.Holds(async () => await group.Find(ReplicaProcesses.Far, "two", Stop) is not null, Stop);
        Assert.Null(await group.Find(ReplicaProcesses.Far, "three", Stop));
        Assert.Null(await group.Find(next, "three", Stop));
    }
}
