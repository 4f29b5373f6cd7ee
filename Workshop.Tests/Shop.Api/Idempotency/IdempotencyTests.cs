using System.Net;
using Xunit;

namespace Workshop.Tests.Shop.Api.Idempotency;

/// <summary>One key, one effect; whoever asks, however often, wherever.</summary>
[Collection(nameof(ShopCrowdTests))]
public sealed class IdempotencyTests(ShopFixture shop)
{
    private static (string, string) Key(string key) => ("Idempotency-Key", key);

    private static string NewKey() => Guid.NewGuid().ToString();

    [Fact]
    public async Task A_repeat_on_another_instance_returns_the_first_answer_byte_for_byte()
    {
        var (first, second) = await shop.Servers();
        var product = await first.Client.NewProduct(10);
        var key = Key(NewKey());

        var original = await first.Client.Order("repeat", product, 3, key);
        var repeat = await second.Client.Order("repeat", product, 3, key);

        Assert.Equal(HttpStatusCode.Created, original.Status);
        Assert.Equal(HttpStatusCode.Created, repeat.Status);
        Assert.Equal(original.Text, repeat.Text);
        Assert.Equal(original.Header("Location"), repeat.Header("Location"));
        Assert.Null(original.Header("Idempotency-Replayed"));
        Assert.Equal("true", repeat.Header("Idempotency-Replayed"));
        Assert.Equal(7, await first.Client.Stock(product));
    }

    [Fact]
    public async Task The_first_answer_stays_after_the_order_was_cancelled()
    {
        var client = await shop.Client();
        var product = await client.NewProduct(10);
        var key = Key(NewKey());
        var original = await client.Order("stays", product, 3, key);

        await client.Post($"/orders/stays/{original["id"].GetString()}/cancel", body: null);
        var repeat = await client.Order("stays", product, 3, key);

        Assert.Equal(original.Text, repeat.Text);
        Assert.Equal(10, await client.Stock(product));
    }

    [Fact]
    public async Task Fifty_at_once_on_two_instances_have_one_effect()
    {
        var (first, second) = await shop.Servers();
        var product = await first.Client.NewProduct(100);
        var key = Key(NewKey());

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 50).Select(n => (n % 2 == 0 ? first : second).Client.Order("race", product, 2, key))
        );

        var created = answers.Where(answer => answer.Status == HttpStatusCode.Created).ToList();
        Assert.Single(created, answer => answer.Header("Idempotency-Replayed") is null);
        Assert.Single(created.Select(answer => answer.Text).Distinct(StringComparer.Ordinal));
        Assert.All(
            answers.Where(answer => answer.Status != HttpStatusCode.Created),
            answer =>
            {
                Assert.Equal(HttpStatusCode.Conflict, answer.Status);
                Assert.Equal("1", answer.Header("Retry-After"));
            }
        );
        Assert.Equal(98, await first.Client.Stock(product));
    }

    [Fact]
    public async Task White_space_and_the_order_of_members_make_no_other_request()
    {
        var client = await shop.Client();
        var product = await client.NewProduct(10);
        var key = Key(NewKey());
        var original = await client.Order("shape", product, 1, key);

        using var body = new StringContent(
            $$"""{ "items": [ { "quantity": 1, "productId": "{{product}}" } ],  "userId": "shape" }""",
            System.Text.Encoding.UTF8,
            "application/json"
        );
        var repeat = await client.Send(HttpMethod.Post, "/orders", body, key);

        Assert.Equal(original.Text, repeat.Text);
    }

    [Theory]
    [InlineData("user")]
    [InlineData("route")]
    public async Task A_key_is_one_within_its_route_and_user(string difference)
    {
        var client = await shop.Client();
        var product = await client.NewProduct(10);
        var key = Key(NewKey());
        var user = ShopClient.NewUser();
        await client.Order(user, product, 1, key);

        var other = difference is "user"
            ? await client.Order(ShopClient.NewUser(), product, 1, key)
            : await client.Post($"/cart/{user}", new { productId = product, quantity = 1 }, key);

        Assert.True((int)other.Status < 300, other.Text);
        Assert.Null(other.Header("Idempotency-Replayed"));
    }

    [Theory]
    [InlineData("/Orders")]
    [InlineData("/orders/")]
    [InlineData("/ORDERS/")]
    public async Task A_route_is_the_same_for_a_key_however_it_is_spelled(string path)
    {
        var client = await shop.Client();
        var product = await client.NewProduct(10);
        var key = Key(NewKey());
        var user = ShopClient.NewUser();
        var original = await client.Order(user, product, 1, key);
        var body = new { userId = user, items = new[] { new { productId = product, quantity = 1 } } };

        var repeat = await client.Post(path, body, key);

        Assert.Equal(original.Text, repeat.Text);
        Assert.Equal("true", repeat.Header("Idempotency-Replayed"));
    }

    [Fact]
    public async Task Where_no_user_says_whose_it_is_a_key_has_to_be_long()
    {
        var client = await shop.Client();
        var product = await client.NewProduct(10);
        var body = new { items = new[] { new { productId = product, quantity = 1 } } };

        var shortKey = await client.Post("/orders", body, Key("123456789012345"));
        var longKey = await client.Post("/orders", body, Key("1234567890123456" + Guid.NewGuid()));

        Assert.Equal(HttpStatusCode.BadRequest, shortKey.Status);
        Assert.Contains("16 characters", shortKey.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Created, longKey.Status);
    }

    [Theory]
    [InlineData("PUT", "/cart/somebody/item/01941f2a-6660-7000-8000-000000000001", """{"quantity":1}""")]
    [InlineData("DELETE", "/cart/somebody", null)]
    [InlineData("DELETE", "/cart/somebody/item/01941f2a-6660-7000-8000-000000000001", null)]
    [InlineData("DELETE", "/products/01941f2a-6660-7000-8000-0000000fffff", null)]
    [InlineData("PUT", "/products/01941f2a-6660-7000-8000-0000000fffff", """{"price":1.00}""")]
    [InlineData("POST", "/orders/somebody/01941f2a-6660-7000-8000-0000000fffff/cancel", null)]
    public async Task A_key_is_never_ignored_in_silence(string method, string path, string? body)
    {
        using var content = body is null
            ? null
            : new StringContent(body, System.Text.Encoding.UTF8, "application/json");

        var answer = await (await shop.Client()).Send(new(method), path, content, Key(NewKey()));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.True(answer["errors"].TryGetProperty("Idempotency-Key", out _), answer.Text);
    }

    [Fact]
    public async Task A_product_is_made_once_per_key_and_a_difference_of_the_stock_is_taken_once()
    {
        var (first, second) = await shop.Servers();
        var (make, take) = (Key(NewKey()), Key(NewKey()));
        var body = new
        {
            name = "Once " + Guid.NewGuid(),
            price = 1.00,
            category = "Tests",
            stock = 10,
        };

        var made = await first.Client.Post("/products", body, make);
        var again = await second.Client.Post("/products", body, make);
        var path = $"/products/{made["id"].GetString()}";
        var taken = await first.Client.Put(path, new { stockChange = -3 }, take);
        var repeat = await second.Client.Put(path, new { stockChange = -3 }, take);

        Assert.Equal(made.Text, again.Text);
        Assert.Equal(made.Header("ETag"), again.Header("ETag"));
        Assert.Equal("true", again.Header("Idempotency-Replayed"));
        Assert.Equal(7, taken["stock"].GetInt32());
        Assert.Equal(taken.Text, repeat.Text);
        Assert.Equal(7, (await first.Client.Get(path))["stock"].GetInt32());
    }

    [Fact]
    public async Task Another_request_under_a_used_key_is_refused()
    {
        var client = await shop.Client();
        var product = await client.NewProduct(10);
        var key = Key(NewKey());
        await client.Order("first", product, 1, key);

        var other = await client.Order("first", product, 2, key);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.Status);
        Assert.Equal(9, await client.Stock(product));
    }

    [Fact]
    public async Task A_request_that_fails_validation_does_not_burn_its_key()
    {
        var client = await shop.Client();
        var product = await client.NewProduct(10);
        var key = Key(NewKey());

        Assert.Equal(HttpStatusCode.BadRequest, (await client.Order("burn", product, 0, key)).Status);
        Assert.Equal(
            HttpStatusCode.UnprocessableEntity,
            (await client.Order("burn", Guid.NewGuid().ToString(), 1, key)).Status
        );
        var valid = await client.Order("burn", product, 1, key);

        Assert.Equal(HttpStatusCode.Created, valid.Status);
        Assert.Null(valid.Header("Idempotency-Replayed"));
    }

    [Fact]
    public async Task Only_a_success_is_kept_under_a_key()
    {
        var client = await shop.Client();
        var product = await client.NewProduct(1);
        var user = ShopClient.NewUser();
        var (key, checkout) = (Key(NewKey()), Key(NewKey()));
        Assert.Equal(HttpStatusCode.Conflict, (await client.Order(user, product, 5, key)).Status);
        Assert.Equal(
            HttpStatusCode.Conflict,
            (await client.Post($"/cart/{user}/checkout", body: null, checkout)).Status
        );
        await client.Put($"/products/{product}", new { stock = 50 });
        await client.Post($"/cart/{user}", new { productId = product, quantity = 2 });

        var placed = await client.Order(user, product, 5, key);
        var bought = await client.Post($"/cart/{user}/checkout", body: null, checkout);

        Assert.Equal(HttpStatusCode.Created, placed.Status);
        Assert.Equal(HttpStatusCode.Created, bought.Status);
        Assert.Equal(43, await client.Stock(product));
    }

    [Fact]
    public async Task Adding_to_a_cart_and_checkout_are_done_once_per_key()
    {
        var (first, second) = await shop.Servers();
        var product = await first.Client.NewProduct(10);
        var user = ShopClient.NewUser();
        var (add, checkout) = (Key(NewKey()), Key(NewKey()));

        await first.Client.Post($"/cart/{user}", new { productId = product, quantity = 2 }, add);
        var added = await second.Client.Post($"/cart/{user}", new { productId = product, quantity = 2 }, add);
        var bought = await first.Client.Post($"/cart/{user}/checkout", body: null, checkout);
        var again = await second.Client.Post($"/cart/{user}/checkout", body: null, checkout);

        Assert.Equal(2, added["items"][0].GetProperty("quantity").GetInt32());
        Assert.Equal(HttpStatusCode.Created, bought.Status);
        Assert.Equal(bought.Text, again.Text);
        Assert.Equal("true", again.Header("Idempotency-Replayed"));
        Assert.Equal(8, await first.Client.Stock(product));
        Assert.Equal(1, (await first.Client.Get($"/orders/{user}")).Json.GetArrayLength());
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("tab\tinside")]
    [InlineData("naïve")]
    [InlineData(256)]
    public async Task A_malformed_key_is_named(object malformed)
    {
        var client = await shop.Client();
        var key = malformed as string ?? new string('k', (int)malformed);

        var answer = await client.Order("malformed", await client.NewProduct(1), 1, Key(key));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.True(answer["errors"].TryGetProperty("Idempotency-Key", out _));
    }
}
