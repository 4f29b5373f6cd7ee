using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Shop.Api.Storage;
using Workshop.Tests.Fixtures;
using Workshop.Tests.Shop.Api;
using Xunit;

namespace Workshop.Tests.ShopApi.Storage;

/// <summary>The whole shop over a real primary and its standby; the tests do what the conductor does.</summary>
public sealed class SynchronousMirroringTests(PostgresFixture postgres)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    // Without a key an order and its commit go to the server together: all that breaks under way is unknown.
    [InlineData(false)]
    public async Task Buyers_see_a_failover_as_a_pause_and_lose_nothing(bool carryKeys)
    {
        await using var armed = await SynchronousPair.Create(postgres, Ct);
        await using var shop = await PairedShop.Start(armed.Pair, "synchronous", Ct);
        var product = await shop.Client.NewProduct(stock: 10_000);
        using var stop = new CancellationTokenSource();
        var bags = Enumerable.Range(0, 4).Select(_ => new ConcurrentQueue<string>()).ToList();
        var buying = Task.WhenAll(
            bags.Select((bag, number) => Buy(shop.Client, $"buyer-{number}", product, bag, carryKeys, stop.Token))
        );
        await WaitFor(() => bags.Sum(bag => bag.Count) > 20);

        await armed.FailOver(Ct);
        var before = bags.Sum(bag => bag.Count);
        await WaitFor(() => bags.Sum(bag => bag.Count) > before + 20);
        await stop.CancelAsync();
        var unknown = (await buying).Sum();

        var bought = bags.SelectMany(ids => ids).ToList();
        var kept = new List<string>();
        for (var number = 0; number < 4; number++)
        {
            var orders = await shop.Client.Get($"/orders/buyer-{number}?limit=500");
            kept.AddRange(orders.Json.EnumerateArray().Select(order => order.GetProperty("id").GetString()!));
        }

        Assert.Empty(bought.Except(kept, StringComparer.Ordinal));
        // What was answered as unknown may stand, and nothing else may.
        Assert.InRange(kept.Count, bought.Count, bought.Count + unknown);
        Assert.Equal(10_000 - kept.Count, await shop.Client.Stock(product));
    }

    [Fact]
    public async Task Without_its_standby_a_write_is_told_to_come_back_and_the_key_finds_what_became_of_it()
    {
        await using var armed = await SynchronousPair.Create(postgres, Ct);
        await using var shop = await PairedShop.Start(armed.Pair, "synchronous", Ct);
        var product = await shop.Client.NewProduct(stock: 10);
        await armed.Standby.Kill(Ct);

        var started = Stopwatch.StartNew();
        var waited = await shop.Client.Order("ann", product, 1, ("Idempotency-Key", "the-key"));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, waited.Status);
        Assert.NotNull(waited.Header("Retry-After"));
        Assert.InRange(started.Elapsed.TotalSeconds, 1.5, 20);
        Assert.Equal("[]", (await shop.Client.Get("/orders/ann")).Text);
        // Nothing is told of the key either before the standby knows.
        var meanwhile = await shop.Client.Order("ann", product, 1, ("Idempotency-Key", "the-key"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, meanwhile.Status);

        await armed.Standby.Start(Ct);
        await armed.Until(armed.Primary, "SELECT count(*) = 0 FROM pg_stat_activity WHERE wait_event = 'SyncRep'");

        var found = await shop.Client.Order("ann", product, 1, ("Idempotency-Key", "the-key"));
        Assert.Equal(HttpStatusCode.Created, found.Status);
        Assert.Equal("true", found.Header("Idempotency-Replayed"));
        Assert.Equal(9, await shop.Client.Stock(product));
    }

    [Fact]
    public async Task An_order_without_a_key_that_waits_for_the_standby_is_called_unknown_and_not_unwritten()
    {
        await using var armed = await SynchronousPair.Create(postgres, Ct);
        await using var shop = await PairedShop.Start(armed.Pair, "synchronous", Ct);
        var product = await shop.Client.NewProduct(stock: 10);
        var edited = await shop.Client.NewProduct(stock: 10);
        await armed.Standby.Kill(Ct);

        var edit = shop.Client.Put($"/products/{edited}", new { price = 1.5m });
        var waited = await shop.Client.Order("ann", product, 1);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await edit).Status);
        // It takes no key, so nothing is said of one.
        Assert.EndsWith("sent again safely.", (await edit)["detail"].GetString()!, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, waited.Status);
        Assert.StartsWith(
            new CommitUnknownException().Message,
            waited["detail"].GetString()!,
            StringComparison.Ordinal
        );
        Assert.Equal("[]", (await shop.Client.Get("/orders/ann")).Text);

        await armed.Standby.Start(Ct);
        var abandoned = shop.Services.GetRequiredService<AbandonedCommits>();
        await WaitFor(() => abandoned.Count == 0);
        Assert.Single((await shop.Client.Get("/orders/ann")).Json.EnumerateArray());
        Assert.Equal(9, await shop.Client.Stock(product));
    }

    [Fact]
    public async Task Commits_left_waiting_are_bounded_and_reading_goes_on()
    {
        await using var armed = await SynchronousPair.Create(postgres, Ct);
        await using var shop = await PairedShop.Start(armed.Pair, "synchronous", Ct);
        // A product each, so that no buyer waits for another's row.
        var products = new List<string>();
        for (var number = 0; number < AbandonedCommits.Max + 10; number++)
        {
            products.Add(await shop.Client.NewProduct(stock: 10));
        }

        // Each turn has its session by now: opening one takes of the time that a write has.
        await Task.WhenAll(products.Take(AbandonedCommits.Max).Select(product => shop.Client.Order("ann", product, 1)));
        await armed.Standby.Kill(Ct);
        var abandoned = shop.Services.GetRequiredService<AbandonedCommits>();
        var first = await Task.WhenAll(products.Select(product => shop.Client.Order("ann", product, 1)));
        var held = abandoned.Count;
        var second = await Task.WhenAll(products.Select(product => shop.Client.Order("ann", product, 1)));

        Assert.All([.. first, .. second], answer => Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status));
        Assert.Equal(AbandonedCommits.Max, held);
        // It is full: nobody of the second round was begun.
        Assert.Equal(held, abandoned.Count);
        // They hold every turn of a write, and not the sessions by which readiness is asked.
        Assert.Equal(HttpStatusCode.OK, (await shop.Client.Get("/health")).Status);
        Assert.Equal(HttpStatusCode.OK, (await shop.Client.Get($"/products/{products[0]}")).Status);

        await armed.Standby.Start(Ct);
        await armed.Until(armed.Primary, "SELECT count(*) = 0 FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
        await WaitFor(() => abandoned.Count == 0);
        Assert.Equal(HttpStatusCode.Created, (await shop.Client.Order("ann", products[0], 1)).Status);
    }

    [Fact]
    public async Task A_hung_primary_costs_a_write_its_limit_and_never_a_500()
    {
        await using var armed = await SynchronousPair.Create(postgres, Ct);
        await using var shop = await PairedShop.Start(armed.Pair, "synchronous", Ct);
        var product = await shop.Client.NewProduct(stock: 10);
        await armed.Primary.Pause(Ct);

        var started = Stopwatch.StartNew();
        var answers = await Task.WhenAll(
            shop.Client.Order("ann", product, 1, ("Idempotency-Key", "hung")),
            shop.Client.Get($"/products/{product}"),
            shop.Client.Get("/health")
        );

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status));
        Assert.InRange(started.Elapsed.TotalSeconds, 0, 20);
        await armed.FailOver(Ct);
        var found = await shop.Client.Order("ann", product, 1, ("Idempotency-Key", "hung"));
        Assert.Equal(HttpStatusCode.Created, found.Status);
        Assert.Equal(9, await shop.Client.Stock(product));
    }

    /// <summary>Buys until it is stopped; who has a key asks with it until there is an answer.</summary>
    /// <returns>How many orders got no answer.</returns>
    private static async Task<int> Buy(
        ShopClient shop,
        string user,
        string product,
        ConcurrentQueue<string> bought,
        bool carryKeys,
        CancellationToken stop
    )
    {
        var unknown = 0;
        while (!stop.IsCancellationRequested)
        {
            (string, string)[] headers = carryKeys ? [("Idempotency-Key", Guid.NewGuid().ToString())] : [];
            Answer answer;
            do
            {
                answer = await shop.Order(user, product, 1, headers);
            } while (carryKeys && answer.Status is HttpStatusCode.ServiceUnavailable or HttpStatusCode.Conflict);

            if (!carryKeys && answer.Status == HttpStatusCode.ServiceUnavailable)
            {
                unknown++;
                continue;
            }

            Assert.Equal(HttpStatusCode.Created, answer.Status);
            bought.Enqueue(answer["id"].GetString()!);
        }

        return unknown;
    }

    private static async Task WaitFor(Func<bool> condition)
    {
        for (var tries = 0; tries < 3_000 && !condition(); tries++)
        {
            await Task.Delay(10, Ct);
        }

        Assert.True(condition());
    }
}
