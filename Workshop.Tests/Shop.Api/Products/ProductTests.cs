using System.Net;
using System.Text.Json;
using LaboratoryBench.Processes;
using Workshop.Tests.Fixtures;
using Xunit;

namespace Workshop.Tests.Shop.Api.Products;

[Collection(nameof(ShopTests))]
public sealed class ProductTests(ShopFixture shop, PostgresFixture postgres)
{
    [Fact]
    public async Task A_product_is_made_read_changed_and_deleted()
    {
        var client = await shop.Client();
        var made = await client.Raw(
            HttpMethod.Post,
            "/products",
            """{"name":"Läuferin 🏃","description":"","price":12.5,"category":"Crud","stock":3}"""
        );

        Assert.Equal(HttpStatusCode.Created, made.Status);
        Assert.Equal($"/products/{made["id"].GetString()}", made.Header("Location"));
        Assert.Equal(7, Guid.Parse(made["id"].GetString()!).Version);
        Assert.Equal("12.50", made["price"].GetRawText());
        Assert.Equal("\"1-1\"", made.Header("ETag"));
        Assert.True(made["inStock"].GetBoolean());
        var path = made.Header("Location")!;
        Assert.Equal(made.Text, (await client.Get(path)).Text);

        var changed = await client.Put(path, new { stock = 0 });
        Assert.Equal("Läuferin 🏃", changed["name"].GetString());
        Assert.False(changed["inStock"].GetBoolean());
        Assert.Equal(2, changed["version"].GetInt32());

        var deleted = await client.Delete(path);
        Assert.Equal(made["id"].GetString(), deleted["id"].GetString());
        Assert.NotEmpty(deleted["message"].GetString()!);
        Assert.Equal(HttpStatusCode.NotFound, (await client.Delete(path)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await client.Get(path)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await client.Put(path, new { stock = 1 })).Status);
    }

    [Fact]
    public async Task A_version_guards_against_lost_changes_and_spares_known_answers()
    {
        var client = await shop.Client();
        var path = $"/products/{await client.NewProduct(5)}";

        var known = await client.Get(path, ("If-None-Match", "\"1-1\""));
        var first = await client.Put(path, new { stock = 6 }, ("If-Match", "\"1-1\""));
        var late = await client.Put(path, new { stock = 7 }, ("If-Match", "\"1-1\""));
        var any = await client.Put(path, new { stock = 8 }, ("If-Match", "*"));
        var weak = await client.Put(path, new { stock = 9 }, ("If-Match", "W/\"1-3\""));
        var malformed = await client.Put(path, new { stock = 9 }, ("If-Match", "1-3"));
        var stale = await client.Get(path, ("If-None-Match", "\"1\", \"2\""));
        var past = await client.Get(path, ("If-Match", "\"1-1\""));
        var both = await client.Get(path, ("If-Match", "\"1-1\""), ("If-None-Match", "*"));
        var present = await client.Get(path, ("If-Match", "\"1-1\", \"1-3\""));
        var there = await client.Get(path, ("If-Match", "*"));
        var nowhere = await client.Get($"/products/{Guid.CreateVersion7()}", ("If-Match", "*"));

        Assert.Equal(HttpStatusCode.NotModified, known.Status);
        Assert.Equal("\"1-1\"", known.Header("ETag"));
        Assert.Equal(HttpStatusCode.OK, first.Status);
        Assert.Equal(HttpStatusCode.PreconditionFailed, late.Status);
        Assert.Equal(HttpStatusCode.OK, any.Status);
        Assert.Equal(HttpStatusCode.PreconditionFailed, weak.Status);
        Assert.Equal(HttpStatusCode.BadRequest, malformed.Status);
        Assert.Equal(HttpStatusCode.OK, stale.Status);
        Assert.Equal(8, stale["stock"].GetInt32());
        Assert.Equal(HttpStatusCode.PreconditionFailed, past.Status);
        Assert.Equal(HttpStatusCode.PreconditionFailed, both.Status);
        Assert.Equal(HttpStatusCode.OK, present.Status);
        Assert.Equal(HttpStatusCode.OK, there.Status);
        Assert.Equal(HttpStatusCode.NotFound, nowhere.Status);
    }

    [Theory]
    [InlineData("name")]
    [InlineData("price")]
    [InlineData("-price")]
    [InlineData("newest")]
    public async Task Pages_in_every_order_show_each_product_once_though_others_come_and_go(string sort)
    {
        var (first, second) = await shop.Servers();
        var category = "Pages " + Guid.NewGuid();
        var made = new List<string>();
        for (var number = 0; number < 17; number++)
        {
            // Names and prices repeat, so that the id has to break ties.
            made.Add(await first.Client.NewProduct(1, $"{number % 5}.50", category, $"Name {number % 4}"));
        }

        var seen = new List<JsonElement>();
        var path = $"/products?category={Uri.EscapeDataString(category)}&sort={sort}&limit=4";
        for (var page = 0; path is not null; page++)
        {
            var answer = await (page % 2 == 0 ? first : second).Client.Get(path);
            seen.AddRange(answer.Json.EnumerateArray());
            Assert.Equal("17", answer.Header("X-Total-Count"));
            path = answer.Header("Link")?.Split('<', '>')[1];
            Assert.Equal(page < 4, path is not null);
        }

        Assert.Equal(made.Order(StringComparer.Ordinal), seen.Select(Id).Order(StringComparer.Ordinal));
        var whole = await first.Client.Get($"/products?category={Uri.EscapeDataString(category)}&sort={sort}");
        Assert.Equal(whole.Json.EnumerateArray().Select(Id), seen.Select(Id), StringComparer.Ordinal);
        Assert.Null(whole.Header("X-Total-Count"));
        var expected = sort switch
        {
            "name" => seen.OrderBy(product => product.GetProperty("name").GetString(), StringComparer.Ordinal),
            "price" => seen.OrderBy(product => product.GetProperty("price").GetDecimal()),
            "-price" => seen.OrderByDescending(product => product.GetProperty("price").GetDecimal()),
            _ => seen.OrderByDescending(product => made.IndexOf(Id(product))),
        };
        Assert.Equal(expected.Select(Id), seen.Select(Id), StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("search=FLÜGEL", 1)]
    [InlineData("search=100%25", 1)]
    [InlineData("search=_", 1)]
    [InlineData("search=%5C", 1)]
    [InlineData("search='", 1)]
    [InlineData("search=e", 3)]
    [InlineData("inStock=true", 3)]
    [InlineData("inStock=false", 1)]
    [InlineData("minPrice=2.00&maxPrice=3.00", 2)]
    [InlineData("minPrice=4.01", 0)]
    [InlineData("search=&inStock=true&maxPrice=1", 1)]
    public async Task Filters_take_text_as_it_is_and_combine(string filter, int count)
    {
        var client = await shop.Client();
        var category = "Filters " + filter.GetHashCode(StringComparison.Ordinal);
        await client.NewProduct(1, "1.00", category, "Flügelmutter");
        await client.NewProduct(1, "2.00", category, "100% cotton_");
        await client.NewProduct(1, "3.00", category, "O'Neill's kettle");
        await client.NewProduct(0, "4.00", category, """back\\slash e""");

        var answer = await client.Get($"/products?category={Uri.EscapeDataString(category)}&{filter}");

        Assert.Equal(count, answer.Json.GetArrayLength());
    }

    [Theory]
    [InlineData("inStock=true")]
    [InlineData("minPrice=0")]
    [InlineData("maxPrice=1000000")]
    [InlineData("search=e")]
    [InlineData("inStock=true&search=e")]
    public async Task A_filter_that_stands_alone_has_a_next_page(string filter)
    {
        var client = await shop.Client();
        await client.NewProduct(1, name: "Tea kettle, one");
        await client.NewProduct(1, name: "Tea kettle, two");

        var first = await client.Get($"/products?{filter}&limit=1");
        var next = await client.Get(first.Header("Link")!.Split('<', '>')[1]);

        Assert.Equal(HttpStatusCode.OK, next.Status);
        Assert.NotEqual(Id(first.Json[0]), Id(next.Json[0]), StringComparer.Ordinal);
    }

    [Fact]
    public async Task Without_a_limit_all_products_come_however_many_there_are()
    {
        var client = await shop.Client();
        var category = "Many " + Guid.NewGuid();
        await Parallel.ForAsync(0, 1001, async (_, _) => await client.NewProduct(1, category: category));

        var all = await client.Get($"/products?category={Uri.EscapeDataString(category)}");

        Assert.Equal(1001, all.Json.EnumerateArray().Select(Id).Distinct(StringComparer.Ordinal).Count());
        var categories = (await client.Get("/categories")).Json.EnumerateArray();
        Assert.Contains(
            categories,
            one => one.GetProperty("category").ValueEquals(category) && one.GetProperty("count").GetInt32() == 1001
        );
    }

    [Fact]
    public async Task The_shop_opens_with_sixty_products_in_eight_categories()
    {
        // On a database of its own: others may have changed what the shared one opened with.
        var ct = TestContext.Current.CancellationToken;
        await using var server = new ShopServer(await postgres.CreateDatabase(ct), "shop-api-new");
        await server.UntilHealthy(ct);
        var first = await server.Client.Get("/products/01941f2a-6660-7000-8000-000000000001");
        var last = await server.Client.Get("/products/01941f60-6a80-7000-8000-00000000003c");
        var categories = (await server.Client.Get("/categories")).Json.EnumerateArray().ToList();

        Assert.Equal("Corner Shop City Bike", first["name"].GetString());
        Assert.Equal("Rubber Stamp: Done", last["name"].GetString());
        Assert.Equal(8, categories.Count);
        Assert.Equal(60, categories.Sum(category => category.GetProperty("count").GetInt32()));
    }

    [Fact]
    public async Task An_order_keeps_the_name_and_the_price_of_a_product_that_changes_and_goes()
    {
        var client = await shop.Client();
        var user = ShopClient.NewUser();
        var product = await client.NewProduct(5, "1.10", name: "As it was");
        var order = await client.Order(user, product, 3);

        await client.Put($"/products/{product}", new { name = "As it is", price = 99 });
        await client.Delete($"/products/{product}");
        var kept = await client.Get(order.Header("Location")!);
        var cancelled = await client.Post(order.Header("Location") + "/cancel", body: null);

        Assert.Equal(order.Text, kept.Text);
        Assert.Equal("3.30", kept["total"].GetRawText());
        Assert.Equal(HttpStatusCode.OK, cancelled.Status);
    }

    private static string Id(JsonElement product) => product.GetProperty("id").GetString()!;
}
