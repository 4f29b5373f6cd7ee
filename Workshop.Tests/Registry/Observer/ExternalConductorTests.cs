using System.Net;
using System.Net.Http.Json;
using LaboratoryBench.Chaos;
using LaboratoryBench.Processes;
using Registry.Conductor;
using Workshop.ServiceDefaults.Tokens;
using Workshop.Tests.Fixtures;
using Workshop.Tests.Registry.Conductor;
using Workshop.Tests.Shop.Api;
using Xunit;
using Answer = Workshop.Tests.Shop.Api.Answer;

namespace Workshop.Tests.Registry.Observer;

/// <summary>
/// Three real servers with quorum commit, about which the test decides as a manager of such servers would; the registry
/// observes, and two servers of the shop sell.
/// </summary>
public sealed class ExternalConductorTests(PostgresFixture postgres) : IDisposable
{
    private const double ArrivalsPerSecond = 40;

    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(1.5);

    private readonly string folder = TestFolders.Create("external");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task No_order_is_lost_or_doubled_while_somebody_else_fails_over()
    {
        await using var group = await postgres.CreateGroup(3, Ct);
        await using var registry = StartRegistry(group);
        await using var one = StartShop(group, registry, "shop-api-1");
        await using var two = StartShop(group, registry, "shop-api-2");
        await one.UntilHealthy(Ct);
        await two.UntilHealthy(Ct);
        using var clients = new ShopClients(new(registry.Address));
        var crowd = new JudgedCrowd(clients.Http, Path.Combine(folder, "journal"), seed: 23, ArrivalsPerSecond);
        var alarm = "";

        var (history, _) = await crowd.Go(
            async journal =>
            {
                await Task.Delay(Calm, Ct);
                var first = group.Servers[0];
                journal.Note("the primary is killed");
                await first.Kill(Ct);
                var second = await group.FailOver(first, Ct);
                await Until(registry, view => IsPrimary(view, second) && view.InSync);
                await PostgresPair.Rejoin(first, second, Ct);
                await Task.Delay(Calm, Ct);

                journal.Note("the primary hangs, and comes back beside its successor");
                await second.Pause(Ct);
                var third = await group.FailOver(second, Ct);
                await Until(registry, view => IsPrimary(view, third) && view.InSync);
                second.Resume();
                alarm = (
                    await Until(
                        registry,
                        view => view.NotInSyncBecause?.StartsWith("TWO", StringComparison.Ordinal) is true
                    )
                ).RuleName;
                await Task.Delay(Calm, Ct);
                await PostgresPair.Rejoin(second, third, Ct);
                await Until(registry, view => view.InSync);
                await Task.Delay(Calm, Ct);
            },
            () => [],
            Ct
        );

        Assert.Empty(Checker.Check(history).Select(violation => $"{violation.Rule}: {violation.Detail}"));
        Assert.True(history.Calls.Count(call => call is { IsPurchase: true, Outcome: Outcome.Ok }) > 50);
        Assert.Contains("TWO PRIMARIES", alarm, StringComparison.Ordinal);
        var last = (await View(registry))!.LastFailover!;
        Assert.Equal(3, last.Term);
        // Both servers of the shop have compared their receipts with the new primary.
        await Eventually.Holds(async () => (await View(registry))!.LastFailover!.ComparedBy.Count == 2, Ct);
        Assert.Empty((await View(registry))!.LastFailover!.Lost);
    }

    [Fact]
    public async Task What_somebody_else_decides_is_refused_and_nothing_is_touched()
    {
        await using var group = await postgres.CreateGroup(2, Ct);
        await using var registry = StartRegistry(group);
        var before = await Until(registry, view => view.InSync);

        Assert.Equal("external", before.Conductor);
        await Refused(registry, HttpMethod.Post, "/conductor/promote?force=true", null);
        await Refused(registry, HttpMethod.Post, "/conductor/switchover", null);
        await Refused(registry, HttpMethod.Post, "/conductor/lag", new { milliseconds = 100 });
        await Refused(registry, HttpMethod.Put, "/conductor/mode", new { mode = "asynchronous" });

        // A primary that dies stays dead, and its standby stays a standby.
        await group.Servers[0].Kill(Ct);
        await Until(registry, view => view.Primary is null);
        await Task.Delay(Calm, Ct);
        var after = await View(registry);
        Assert.Null(after!.Primary);
        Assert.Equal("standby", after.Databases![1].Role);
        Assert.False(group.Servers[0].IsRunning);
    }

    [Fact]
    public async Task Without_the_registry_the_shop_finds_the_new_primary_by_itself()
    {
        await using var group = await postgres.CreateGroup(3, Ct);
        await using var shop = StartShop(group, registry: null, "shop-api-1");
        await shop.UntilHealthy(Ct);
        var product = await shop.Client.NewProduct(stock: 10);

        await group.Servers[0].Kill(Ct);
        await group.FailOver(group.Servers[0], Ct);

        var answer = await Eventually.Gives(
            Order,
            tried => tried.Status is not HttpStatusCode.ServiceUnavailable,
            Ct,
            pause: TimeSpan.FromMilliseconds(20)
        );

        Assert.Equal(HttpStatusCode.Created, answer.Status);
        Assert.Equal(9, await shop.Client.Stock(product));

        Task<Answer> Order() => shop.Client.Order("ann", product, 1, ("Idempotency-Key", "once"));
    }

    [Fact]
    public async Task A_reader_sees_what_it_wrote_on_any_of_the_standbys()
    {
        await using var group = await postgres.CreateGroup(3, Ct);
        await using var registry = StartRegistry(group, ("Workshop:Storage", "asynchronous"));
        await using var shop = StartShop(group, registry, "shop-api-1", ("Workshop:Storage", "asynchronous"));
        await shop.UntilHealthy(Ct);
        var product = await shop.Client.NewProduct(stock: 10);
        var ordered = await shop.Client.Order("ann", product, 1);
        var token = ordered.Header("X-Read-Token")!;

        Assert.Equal(HttpStatusCode.Created, ordered.Status);
        var seen = await shop.Client.Get("/orders/ann", ("X-Read-Token", token));
        Assert.Equal(1, seen.Json.GetArrayLength());
        // A standby that replays no more lacks the next one, and is passed over.
        foreach (var standby in group.Servers.Skip(1))
        {
            await Scene.Execute(standby, "SELECT pg_wal_replay_pause()", Ct);
        }

        var again = (await shop.Client.Order("ann", product, 1, ("X-Read-Token", token))).Header("X-Read-Token")!;
        Assert.Equal(2, (await shop.Client.Get("/orders/ann", ("X-Read-Token", again))).Json.GetArrayLength());
    }

    private static RegistryServer StartRegistry(PostgresGroup group, params (string Key, string Value)[] settings) =>
        new(
            null,
            [
                ("Workshop:Database:Conductor", "external"),
                .. settings,
                .. group.Servers.Select(server => ($"ConnectionStrings:{server.Name}", server.ConnectionString())),
            ]
        );

    private ShopServer StartShop(
        PostgresGroup group,
        RegistryServer? registry,
        string name,
        params (string Key, string Value)[] settings
    ) =>
        new(
            group.ConnectionString,
            name,
            [
                ("Workshop:Database:Conductor", "external"),
                ("Workshop:Storage", "synchronous"),
                ("Workshop:DataDirectory", Directory.CreateDirectory(Path.Combine(folder, name)).FullName),
                (AccessTokens.OperatorKey, RegistryServer.Token),
                .. registry is null
                    ? Array.Empty<(string, string)>()
                    : [("services:registry:http:0", registry.Address)],
                .. settings,
            ]
        );

    private static bool IsPrimary(ConductorView view, PostgresServer server) =>
        string.Equals(view.Primary, server.Name, StringComparison.Ordinal);

    private static async Task<ConductorView?> View(RegistryServer registry)
    {
        using var response = await registry.Reader.GetAsync("/conductor", Ct);
        return response.IsSuccessStatusCode ? await response.Content.ReadFromJsonAsync<ConductorView>(Ct) : null;
    }

    private static async Task<ConductorView> Until(RegistryServer registry, Func<ConductorView, bool> isSo)
    {
        ConductorView? view = null;
        await Eventually.Holds(async () => (view = await View(registry)) is not null && isSo(view), Ct);
        return view!;
    }

    private static async Task Refused(RegistryServer registry, HttpMethod method, string path, object? body)
    {
        using var request = new HttpRequestMessage(method, path)
        {
            Content = body is null ? null : JsonContent.Create(body),
        };
        using var response = await registry.Writer.SendAsync(request, Ct);
        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Contains("Patroni", await response.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }
}
