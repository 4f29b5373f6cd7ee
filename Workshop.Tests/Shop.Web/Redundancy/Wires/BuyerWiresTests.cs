using System.Net;
using LaboratoryBench.Processes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Shop.Web.Redundancy;
using Shop.Web.Redundancy.Wires;
using Workshop.ServiceDefaults.Loops;
using Xunit;

namespace Workshop.Tests.Shop.Web.Redundancy.Wires;

/// <summary>The storefront's wires to the shop's servers: straight, and by a proxy during an experiment.</summary>
public sealed class BuyerWiresTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_proxy_stands_in_the_wire_from_the_next_request_on_and_is_gone_after_the_experiment()
    {
        var ports = new List<int>();
        await using var server = await StubMember.Start(context =>
        {
            ports.Add(context.Connection.RemotePort);
            return context.Response.WriteAsync("here");
        });
        await using var wires = new BuyerWires(
            TimeProvider.System,
            new(TimeProvider.System, NullLogger<Background>.Instance)
        );
        using var client = new HttpClient(new SocketsHttpHandler { ConnectCallback = wires.Connect })
        {
            BaseAddress = new(server.Url),
        };
        var address = new DnsEndPoint(client.BaseAddress.Host, client.BaseAddress.Port);

        Assert.Equal("here", await client.GetStringAsync(new Uri("/", UriKind.Relative), Ct));
        Assert.Equal("here", await client.GetStringAsync(new Uri("/", UriKind.Relative), Ct));
        Assert.Equal(ports[0], ports[1]);
        var wire = wires.Put(address);
        Assert.Same(wire, wires.Put(address));
        Assert.Equal("here", await client.GetStringAsync(new Uri("/", UriKind.Relative), Ct));
        Assert.NotEqual(ports[1], ports[2]);
        wire.IsCut = true;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        patience.CancelAfter(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            client.GetStringAsync(new Uri("/", UriKind.Relative), patience.Token)
        );
        await wires.TakeOut(address);
        await Eventually.Holds(
            async () =>
            {
                try
                {
                    return await client.GetStringAsync(new Uri("/", UriKind.Relative), Ct) is "here";
                }
                catch (HttpRequestException)
                {
                    // The pool may not know yet that its connections ended with the proxy.
                    return false;
                }
            },
            Ct
        );
    }

    [Fact]
    public void A_wire_is_named_by_its_ends_as_they_are_when_the_fault_is_due()
    {
        Situation pair = new(
            [new("postgres-1", "database", "up", "standby", ""), new("postgres-2", "database", "up", "primary", "")],
            Conductor: null,
            LostOrders: null,
            HasHost: true
        );

        Assert.Equal("conductor–postgres-2", PlannedFault.Find("cut-conductor")!.Resolve(pair));
        Assert.Equal("primary–standby", PlannedFault.Find("slow-standby")!.Resolve(pair));
        Assert.Equal("buyers–shop-api-1", PlannedFault.Find("break-server-1")!.Resolve(pair));
        Assert.Null(PlannedFault.Find("cut-standby")!.Resolve(pair with { Parts = [] }));
    }
}
