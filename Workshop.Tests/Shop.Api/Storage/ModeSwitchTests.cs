using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using LaboratoryBench.Processes;
using Npgsql;
using Workshop.ServiceDefaults.Tokens;
using Workshop.Tests.Fixtures;
using Workshop.Tests.Registry;
using Workshop.Tests.Registry.Conductor;
using Workshop.Tests.Shop.Api;
using Xunit;

namespace Workshop.Tests.ShopApi.Storage;

/// <summary>Two servers of the shop follow the mode that the conductor publishes, while buyers buy.</summary>
public sealed class ModeSwitchTests(PostgresFixture postgres)
{
    private const int Buyers = 4;

    /// <summary>A failover's pause, with room for a busy machine.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(20);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("synchronous", "asynchronous", "synchronous")]
    [InlineData("synchronous", "basic", "synchronous")]
    [InlineData("asynchronous", "basic", "asynchronous")]
    public async Task No_order_is_lost_or_doubled_on_the_way_there_and_back(string from, string to, string back)
    {
        await using var scene = await Scene.Start(postgres, mode: from);
        await using var one = await Start(scene, from, "shop-api-1");
        await using var two = await Start(scene, from, "shop-api-2");
        var product = await one.Client.NewProduct(stock: 100_000);
        using var stop = new CancellationTokenSource();
        var answers = new ConcurrentQueue<(string Key, string Order, TimeSpan At)>();
        var time = Stopwatch.StartNew();
        var buying = Task.WhenAll(
            Enumerable
                .Range(0, Buyers)
                .Select(number => Buy(number, number % 2 == 0 ? one : two, product, answers, time, stop.Token))
        );
        await More(answers);

        foreach (var mode in new[] { to, back })
        {
            await Change(scene, mode);
            await Follows(one, mode);
            await Follows(two, mode);
            await More(answers);
        }

        // What is acknowledged in synchronous mode outlives its primary, also right after the change.
        if (back is "synchronous")
        {
            await scene.Until(view => view.Armed, "armed");
            await scene.Pair.First.Kill(Ct);
            await scene.Until(view => view.Primary is "postgres-2", "another is primary");
            await More(answers);
            await scene.Until(view => view is { Armed: true, Standby: "postgres-1" }, "armed again");
        }

        await stop.CancelAsync();
        await buying;

        var kept = await Orders(scene);
        Assert.Equal(answers.Count, answers.Select(answer => answer.Key).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(
            answers.Select(answer => answer.Order).Order(StringComparer.Ordinal),
            kept,
            StringComparer.Ordinal
        );
        Assert.Equal(100_000 - kept.Count, await two.Client.Stock(product));
        var times = answers.Select(answer => answer.At).Order().ToList();
        var pause = times.Zip(times.Skip(1), (before, after) => after - before).Max();
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{kept.Count} orders; longest pause {pause.TotalMilliseconds:0} ms"
        );
        Assert.InRange(pause, TimeSpan.Zero, LongestPause);
    }

    [Fact]
    public async Task A_read_token_of_an_asynchronous_time_stays_good_over_a_synchronous_one()
    {
        await using var scene = await Scene.Start(postgres, mode: "asynchronous");
        await using var shop = await Start(scene, "asynchronous", "shop-api-1");
        var product = await shop.Client.NewProduct(stock: 10);
        var first = (await shop.Client.Order("ann", product, 1)).Header("X-Read-Token")!;

        await Change(scene, "synchronous");
        await Follows(shop, "synchronous");
        // Somebody else's browser, without the cookie of ann's.
        using var bob = new ShopClient(shop.Client.Http.BaseAddress!.ToString());
        Assert.Null((await bob.Order("bob", product, 1)).Header("X-Read-Token"));
        var second = (await shop.Client.Order("ann", product, 1, ("X-Read-Token", first))).Header("X-Read-Token")!;
        Assert.NotEqual(first, second, StringComparer.Ordinal);

        await Change(scene, "asynchronous");
        await Follows(shop, "asynchronous");
        await Scene.Execute(scene.Pair.Second, "SELECT pg_wal_replay_pause()", Ct);
        var orders = await shop.Client.Get("/orders/ann", ("X-Read-Token", second));
        Assert.Equal(2, orders.Json.GetArrayLength());
    }

    private static Task<PairedShop> Start(Scene scene, string mode, string name) =>
        PairedShop.Start(
            scene.Pair,
            mode,
            Ct,
            name,
            database: null,
            ("services:registry:http:0", scene.Registry.Address),
            (AccessTokens.OperatorKey, RegistryServer.Token)
        );

    private static async Task Change(Scene scene, string mode)
    {
        using var response = await scene.Registry.Writer.PutAsJsonAsync("/conductor/mode", new { mode }, Ct);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        await scene.Until(
            view => view.Change is null && string.Equals(view.Mode, mode, StringComparison.Ordinal),
            $"{mode} is in force"
        );
    }

    /// <summary>The same process shows the mode: nothing was started again.</summary>
    private static Task Follows(PairedShop shop, string mode) =>
        Eventually.Holds(
            async () =>
                (await shop.Client.Get("/storage"))["mode"].GetString() is { } shown
                && string.Equals(shown, mode, StringComparison.Ordinal),
            Ct
        );

    private static Task More(ConcurrentQueue<(string, string, TimeSpan)> answers)
    {
        var wanted = answers.Count + 40;
        return Eventually.Holds(() => Task.FromResult(answers.Count >= wanted), Ct);
    }

    /// <summary>Buys, and asks again with the same key until the answer is there.</summary>
    private static async Task Buy(
        int number,
        PairedShop shop,
        string product,
        ConcurrentQueue<(string Key, string Order, TimeSpan At)> answers,
        Stopwatch time,
        CancellationToken stop
    )
    {
        for (var order = 0; !stop.IsCancellationRequested; order++)
        {
            var key = FormattableString.Invariant($"buyer-{number}-order-{order}");
            var answer = await Eventually.Gives(Ask, IsFinal, Ct, pause: BetweenTries);

            Assert.Equal(HttpStatusCode.Created, answer.Status);
            answers.Enqueue((key, answer["id"].GetString()!, time.Elapsed));

            Task<Answer> Ask() =>
                shop.Client.Order(FormattableString.Invariant($"buyer-{number}"), product, 1, ("Idempotency-Key", key));
        }
    }

    /// <summary>Whoever is told to come again is told when.</summary>
    private static bool IsFinal(Answer answer)
    {
        var isFinal = answer.Status is not HttpStatusCode.ServiceUnavailable;
        Assert.True(isFinal || answer.Header("Retry-After") is not null, "Nothing says when to come again.");
        return isFinal;
    }

    /// <summary>The ids of all orders on the primary.</summary>
    private static async Task<IReadOnlyList<string>> Orders(Scene scene)
    {
        var primary = scene.Server((await scene.View(Ct)).Primary);
        await using var connection = new NpgsqlConnection(primary.ConnectionString() + ";Pooling=false");
        await connection.OpenAsync(Ct);
        await using var command = new NpgsqlCommand("SELECT array_agg(id::text) FROM orders", connection);
        return [.. ((string[])(await command.ExecuteScalarAsync(Ct))!).Order(StringComparer.Ordinal)];
    }
}
