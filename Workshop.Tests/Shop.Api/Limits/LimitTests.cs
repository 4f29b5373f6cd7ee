using System.Net;
using Workshop.Tests.Fixtures;
using Xunit;

namespace Workshop.Tests.Shop.Api.Limits;

[Collection(nameof(ShopCrowdTests))]
public sealed class LimitTests(ShopFixture shop, PostgresFixture postgres)
{
    [Fact]
    public async Task Too_many_requests_of_one_client_are_told_when_to_come_again()
    {
        await shop.Servers();
        await using var strict = new ShopServer(
            shop.Database,
            "shop-api-strict",
            ("Shop:Limits:LocalRequestsPerSecond", "10"),
            ("Shop:Limits:LocalBurst", "10")
        );

        // Probes are not counted, so they can be asked until the tables are seen.
        await strict.UntilHealthy(TestContext.Current.CancellationToken);

        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => strict.Client.Get("/categories")));
        var probe = await strict.Client.Get("/alive");

        var refused = answers.First(answer => answer.Status == HttpStatusCode.TooManyRequests);
        Assert.Equal("1", refused.Header("Retry-After"));
        Assert.Equal("10", refused.Header("X-RateLimit-Limit"));
        Assert.Equal("shop-api-strict", refused.Header("X-Served-By"));
        Assert.Equal(429, refused["status"].GetInt32());
        Assert.NotEmpty(refused["traceId"].GetString()!);
        Assert.Contains(answers, answer => answer.Status == HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.OK, probe.Status);
    }

    [Fact]
    public async Task A_write_that_waits_too_long_for_its_turn_is_told_to_come_again_and_was_not_begun()
    {
        var ct = TestContext.Current.CancellationToken;
        var product = await (await shop.Client()).NewProduct(stock: 100);
        await using var narrow = new ShopServer(
            shop.Database,
            "shop-api-narrow",
            // Each of the buyers has one token, and the reads after them; who waits for a turn takes no second one.
            ("Shop:Limits:LocalBurst", "40"),
            ("Shop:Limits:LocalRequestsPerSecond", "10"),
            ("Shop:Limits:ConcurrentWrites", "10"),
            ("Shop:Limits:LongestWriteWait", "00:00:00.3")
        );
        await narrow.UntilHealthy(ct);

        // Whoever has a turn waits at the product's row, longer than the others wait for a turn.
        await using var held = await HeldRow.Of(shop.Database, product, ct);
        var buyers = Enumerable
            .Range(0, 30)
            .Select(buyer => (User: $"patient-{buyer}-{product[^12..]}", Key: Guid.NewGuid().ToString()))
            .ToList();
        var answers = await Task.WhenAll(buyers.Select(buyer => Buy(narrow.Client, buyer)));
        await held.LetGo(ct);

        var refused = buyers.Zip(answers).Where(pair => IsTooLong(pair.Second)).ToList();
        Assert.NotEmpty(refused);
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status));
        Assert.All(refused, pair => Assert.Equal("1", pair.Second.Header("Retry-After")));
        Assert.All(refused, pair => Assert.Equal(503, pair.Second["status"].GetInt32()));
        Assert.Equal(100, await narrow.Client.Stock(product));
        var again = await Buy(narrow.Client, refused[0].First);
        Assert.Equal(HttpStatusCode.Created, again.Status);
        Assert.Equal(99, await narrow.Client.Stock(product));

        Task<Answer> Buy(ShopClient client, (string User, string Key) buyer) =>
            client.Order(buyer.User, product, 1, ("Idempotency-Key", buyer.Key));

        static bool IsTooLong(Answer answer) =>
            answer["detail"].GetString()!.Contains("waited too long", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/products", "application/xml", HttpStatusCode.NotAcceptable)]
    [InlineData("/products/nothing", "*/*", HttpStatusCode.BadRequest)]
    [InlineData("/no/such/route", "*/*", HttpStatusCode.NotFound)]
    [InlineData("/alive", "*/*", HttpStatusCode.OK)]
    public async Task Every_answer_tells_the_limit(string path, string accept, HttpStatusCode status)
    {
        var answer = await (await shop.Client()).Get(path, ("Accept", accept));

        Assert.Equal(status, answer.Status);
        Assert.Equal("20000", answer.Header("X-RateLimit-Limit"));
    }

    [Fact]
    public async Task A_limit_that_makes_no_sense_stops_the_start()
    {
        var database = await postgres.CreateDatabase(TestContext.Current.CancellationToken);

        var error = Assert.ThrowsAny<Exception>(() => new ShopServer(database, "wrong", ("Shop:Limits:Burst", "0")));

        Assert.Contains("Shop:Limits: every number must be at least 10.", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_page_of_another_origin_may_read_the_shop()
    {
        var answer = await (await shop.Client()).Get("/products?limit=1", ("Origin", "http://elsewhere.example"));

        Assert.Null(answer.Header("Access-Control-Allow-Origin"));
    }
}
