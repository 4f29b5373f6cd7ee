using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Registry.Leases;
using Workshop.ServiceDefaults.Discovery;
using Workshop.Tests.Registry;
using Xunit;

namespace Workshop.Tests.ServiceDefaults.Discovery;

/// <summary>Members, registry and clients over real sockets.</summary>
public sealed class DiscoveryTests
{
    private static readonly TimeSpan Lenient = TimeSpan.FromSeconds(30);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_member_is_found_by_its_services_name_and_leaves_before_it_stops()
    {
        await using var registry = new RegistryServer();
        await using var client = new Client(registry.Address);
        await using var member = await NewMember(registry, "shop-api-1");
        var table = registry.Services.GetRequiredService<ServiceTable>();

        Assert.Equal("shop-api-1", await Eventually(client.Plain));
        Assert.Equal("shop-api-1", await Eventually(client.Rerouting));

        await member.Stop(Ct);
        Assert.Equal("draining", table.Find("shop-api")!.Instances[0].State);
    }

    [Fact]
    public async Task A_member_that_is_still_getting_ready_is_not_sent_any_request()
    {
        await using var registry = new RegistryServer();
        await using var client = new Client(registry.Address);
        await using var late = new Member(registry.Address, "shop-api-1", _ => Task.CompletedTask)
        {
            IsHealthy = false,
        };
        await late.Start(Ct);
        await using var ready = await new Member(registry.Address, "shop-api-2", _ => Task.CompletedTask).Start(Ct);

        await Until(client, addresses => addresses.Count == 1);
        await Task.Delay(TimeSpan.FromMilliseconds(500), Ct);
        await Until(client, addresses => addresses.Count == 1);

        late.IsHealthy = true;
        await Until(client, addresses => addresses.Count == 2);
    }

    [Fact]
    public async Task A_member_that_was_killed_and_starts_again_is_sent_nothing_before_it_is_ready()
    {
        await using var registry = new RegistryServer();
        await using var client = new Client(registry.Address);
        await using var ready = await new Member(registry.Address, "shop-api-2", _ => Task.CompletedTask).Start(Ct);
        await using var back = new Member(registry.Address, "shop-api-1", _ => Task.CompletedTask)
        {
            IsHealthy = false,
        };
        // The lease of its life before, at the same address.
        await registry.Register("shop-api", "shop-api-1", back.Port);
        await Until(client, addresses => addresses.Count > 0);

        await back.Start(Ct);
        var table = registry.Services.GetRequiredService<ServiceTable>();
        var left = table.Find("shop-api")!.Instances.Single(one => one.Instance is "shop-api-1").State;

        Assert.Equal("draining", left);
        back.IsHealthy = true;
        await Until(client, addresses => addresses.Count == 2);
    }

    [Fact]
    public async Task Stopping_a_member_under_load_fails_no_request_of_any_kind()
    {
        await using var registry = new RegistryServer();
        await using var client = new Client(registry.Address);
        await using var first = await NewMember(registry, "shop-api-1");
        await using var second = await NewMember(registry, "shop-api-2");
        await Until(client, addresses => addresses.Count == 2);

        using var stop = new CancellationTokenSource();
        // A POST without a key is never sent twice: only leaving in good order saves it.
        var load = client.Load(() => new(HttpMethod.Post, "/orders"), lanes: 4, stop.Token);
        await Until(() => client.Good > 20);
        await first.Stop(Ct);
        var before = client.Good;
        await Until(() => client.Good > before + 20);
        await stop.CancelAsync();

        Assert.Empty(await load);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_that_is_killed_or_hangs_under_load_fails_no_repeatable_request(bool isKilled)
    {
        const int lanes = 4;
        await using var registry = new RegistryServer();
        await using var client = new Client(registry.Address);
        await using var first = await StubServer.Start(Ct);
        await using var second = await StubServer.Start(Ct);
        await registry.Register("shop-api", "one", first.Port);
        await registry.Register("shop-api", "two", second.Port);
        await Until(client, addresses => addresses.Count == 2);

        using var stop = new CancellationTokenSource();
        var load = client.Load(() => new(HttpMethod.Get, "/services"), lanes, stop.Token);
        await Until(() => client.Good > lanes);
        if (isKilled)
        {
            first.Kill();
        }
        else
        {
            first.Pause();
        }

        await Until(client, addresses => addresses.Count == 1);
        var before = client.Good;
        await Until(() => client.Good > before + lanes);
        await stop.CancelAsync();

        Assert.Empty(await load);
    }

    [Fact]
    public async Task While_the_registry_is_away_the_last_answer_stands_and_after_its_restart_members_are_back()
    {
        var registry = new RegistryServer();
        await using var client = new Client(registry.Address);
        await using var member = await NewMember(registry, "shop-api-1");
        Assert.Equal("shop-api-1", await Eventually(client.Rerouting));

        await registry.DisposeAsync();
        Assert.Equal("shop-api-1", await Served(client.Rerouting));
        Assert.Equal("shop-api-1", await Served(client.Plain));

        await using var restarted = new RegistryServer(registry.Port);
        var table = restarted.Services.GetRequiredService<ServiceTable>();
        await Until(() => table.Next("shop-api") is Turn.Server);
        await using var another = await NewMember(restarted, "shop-api-2");
        await Until(client, addresses => addresses.Count == 2);
    }

    [Fact]
    public async Task A_request_is_tried_on_another_instance_only_when_it_may_be_repeated()
    {
        await using var registry = new RegistryServer();
        await using var client = new Client(registry.Address);
        await using var busy = await NewMember(registry, "shop-api-1", HttpStatusCode.ServiceUnavailable);
        await using var good = await NewMember(registry, "shop-api-2");
        await Until(client, addresses => addresses.Count == 2);

        var keyed = await Statuses(client, key: "order-1", count: 6);
        var plain = await Statuses(client, key: null, count: 6);

        Assert.All(keyed, status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.Equal(3, plain.Count(status => status is HttpStatusCode.ServiceUnavailable));
    }

    [Fact]
    public async Task Attempts_are_bounded_and_the_last_answer_is_the_callers()
    {
        var calls = 0;
        await using var registry = new RegistryServer();
        await using var client = new Client(registry.Address, new() { MaxAttempts = 3 });
        await using var busy = new Member(
            registry.Address,
            "shop-api-1",
            context =>
            {
                Interlocked.Increment(ref calls);
                context.Response.StatusCode = 503;
                return Task.CompletedTask;
            }
        );
        await busy.Start(Ct);
        await Until(client, addresses => addresses.Count == 1);

        using var response = await client.Rerouting.GetAsync("/", Ct);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(3, calls);
    }

    [Theory]
    [InlineData(true, HttpStatusCode.OK, 3)]
    [InlineData(false, HttpStatusCode.Conflict, 1)]
    public async Task A_key_that_is_still_under_way_is_asked_for_again_and_a_plain_conflict_is_the_answer(
        bool isUnderWay,
        HttpStatusCode status,
        int expectedCalls
    )
    {
        var calls = 0;
        await using var registry = new RegistryServer();
        await using var client = new Client(registry.Address);
        await using var member = new Member(
            registry.Address,
            "shop-api-1",
            context =>
            {
                context.Response.StatusCode = Interlocked.Increment(ref calls) < 3 ? 409 : 200;
                context.Response.Headers.RetryAfter = isUnderWay ? "1" : default;
                return Task.CompletedTask;
            }
        );
        await member.Start(Ct);
        await Until(client, addresses => addresses.Count == 1);

        Assert.Equal(status, Assert.Single(await Statuses(client, key: "order-1", count: 1)));
        Assert.Equal(expectedCalls, calls);
    }

    [Fact]
    public async Task A_body_is_sent_again_whole()
    {
        await using var registry = new RegistryServer();
        await using var client = new Client(registry.Address);
        await using var first = await new Member(registry.Address, "shop-api-1", Echo(503)).Start(Ct);
        await using var second = await new Member(registry.Address, "shop-api-2", Echo(200)).Start(Ct);
        await Until(client, addresses => addresses.Count == 2);

        for (var i = 0; i < 4; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/orders")
            {
                Content = JsonContent.Create("whole"),
            };
            request.Headers.Add(Rerouting.IdempotencyKeyHeader, "order-1");
            using var response = await client.Rerouting.SendAsync(request, Ct);
            Assert.Equal("\"whole\"", await response.Content.ReadAsStringAsync(Ct));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        static Func<HttpContext, Task> Echo(int status) =>
            context =>
            {
                context.Response.StatusCode = status;
                return context.Request.Body.CopyToAsync(context.Response.Body);
            };
    }

    private static Task<Member> NewMember(
        RegistryServer registry,
        string name,
        HttpStatusCode status = HttpStatusCode.OK
    ) =>
        new Member(
            registry.Address,
            name,
            context =>
            {
                context.Response.StatusCode = (int)status;
                return context.Response.WriteAsync(name);
            }
        ).Start(Ct);

    private static async Task<List<HttpStatusCode>> Statuses(Client client, string? key, int count)
    {
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < count; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/orders");
            if (key is not null)
            {
                request.Headers.Add(Rerouting.IdempotencyKeyHeader, key);
            }

            using var response = await client.Rerouting.SendAsync(request, Ct);
            statuses.Add(response.StatusCode);
        }

        return statuses;
    }

    private static async Task<string> Served(HttpClient http)
    {
        using var response = await http.GetAsync("/", Ct);
        return response.Headers.GetValues("X-Served-By").Single();
    }

    /// <summary>A member registers a moment after it listens.</summary>
    private static async Task<string> Eventually(HttpClient http)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return await Served(http);
            }
            catch (HttpRequestException) when (Stopwatch.GetElapsedTime(started) < Lenient)
            {
                await Task.Delay(50, Ct);
            }
        }
    }

    private static Task Until(Client client, Func<IReadOnlyList<string>, bool> isSo) =>
        Until(() => isSo(client.Watches.Watch("shop-api").Routes.Addresses));

    private static async Task Until(Func<bool> isSo)
    {
        var started = Stopwatch.GetTimestamp();
        while (!isSo())
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < Lenient);
            await Task.Delay(5, Ct);
        }
    }
}
