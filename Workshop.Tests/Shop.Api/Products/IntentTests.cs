using System.Net;
using System.Text.Json;
using Xunit;

namespace Workshop.Tests.Shop.Api.Products;

/// <summary>What a client means by a change of a product, and what it saw, go along with it.</summary>
[Collection(nameof(ShopTests))]
public sealed class IntentTests(ShopFixture shop)
{
    [Theory]
    [InlineData("{}")]
    [InlineData("""{"name":"Same","price":5.00,"stock":3}""")]
    [InlineData("""{"stockChange":0}""")]
    public async Task What_changes_nothing_is_no_version(string body)
    {
        var client = await shop.Client();
        var product = new
        {
            name = "Same",
            price = 5.00,
            category = "C",
            stock = 3,
        };
        var made = await client.Post("/products", product);

        var same = await client.Put($"/products/{made["id"]}", JsonSerializer.Deserialize<JsonElement>(body));

        Assert.Equal(HttpStatusCode.OK, same.Status);
        Assert.Equal(1, same["version"].GetInt64());
    }

    [Fact]
    public async Task A_description_can_be_saved_while_the_product_sells()
    {
        var client = await shop.Client();
        var product = await client.NewProduct(10);
        await client.Order(ShopClient.NewUser(), product, 3);

        var saved = await client.Put(
            $"/products/{product}",
            new { description = "New words.", expected = new { description = "" } }
        );

        Assert.Equal(HttpStatusCode.OK, saved.Status);
        Assert.Equal(7, saved["stock"].GetInt32());
        Assert.Equal(2, saved["revision"].GetInt64());
        Assert.Equal(3, saved["version"].GetInt64());
    }

    [Fact]
    public async Task A_member_that_somebody_else_changed_is_told_and_nothing_is_saved()
    {
        var client = await shop.Client();
        var product = await client.NewProduct(10, price: "5.00");
        await client.Put($"/products/{product}", new { price = 6.00 });

        var late = await client.Put(
            $"/products/{product}",
            new
            {
                price = 7.00,
                description = "d",
                expected = new { price = 5.00 },
            }
        );

        Assert.Equal(HttpStatusCode.PreconditionFailed, late.Status);
        Assert.Equal(6.00m, late["differs"].GetProperty("price").GetDecimal());
        Assert.Equal("", (await client.Get($"/products/{product}"))["description"].GetString());
    }

    [Fact]
    public async Task Stock_changes_by_a_difference_and_never_below_nothing()
    {
        var client = await shop.Client();
        var path = $"/products/{await client.NewProduct(10)}";

        Assert.Equal(7, (await client.Put(path, new { stockChange = -3 }))["stock"].GetInt32());
        var few = await client.Put(path, new { stockChange = -8 });
        Assert.Equal(HttpStatusCode.Conflict, few.Status);
        var shortage = few["shortages"][0];
        Assert.Equal(8, shortage.GetProperty("requested").GetInt32());
        Assert.Equal(7, shortage.GetProperty("available").GetInt32());
        Assert.Equal(HttpStatusCode.BadRequest, (await client.Put(path, new { stockChange = 1, stock = 3 })).Status);
        var after = await client.Get(path);
        Assert.Equal(7, after["stock"].GetInt32());
        Assert.Equal(1, after["revision"].GetInt64());
    }

    [Fact]
    public async Task What_was_edited_since_it_was_seen_is_not_deleted_and_what_only_sold_is()
    {
        var client = await shop.Client();
        var path = $"/products/{await client.NewProduct(10)}";
        await client.Put(path, new { price = 6.00 });

        var late = await client.Delete($"{path}?revision=1");
        await client.Put(path, new { stockChange = -1 });
        var gone = await client.Delete($"{path}?revision=2");

        Assert.Equal(HttpStatusCode.PreconditionFailed, late.Status);
        Assert.Equal(HttpStatusCode.OK, gone.Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.Delete($"{path}?revision=x")).Status);
    }

    [Fact]
    public async Task If_none_match_any_on_what_exists_is_a_412()
    {
        var client = await shop.Client();
        var path = $"/products/{await client.NewProduct(10)}";

        var answer = await client.Put(path, new { price = 6.00 }, ("If-None-Match", "*"));

        Assert.Equal(HttpStatusCode.PreconditionFailed, answer.Status);
    }

    [Fact]
    public async Task One_text_has_one_form_wherever_it_is_sent()
    {
        var client = await shop.Client();
        var mark = Guid.NewGuid().ToString("N");
        var body = new
        {
            name = $"  Cafe\u0301 {mark}\t",
            price = 1,
            category = $" E\u0301te\u0301 {mark} ",
            description = "a\r\nb\rc",
        };

        var made = await client.Post("/products", body);

        Assert.Equal($"Caf\u00E9 {mark}", made["name"].GetString());
        Assert.Equal("a\nb\nc", made["description"].GetString());
        foreach (var filter in new[] { "category=%C3%89t%C3%A9%20" + mark, $"category=%20E%CC%81te%CC%81%20{mark}%20" })
        {
            Assert.Equal(1, (await client.Get($"/products?{filter}")).Json.GetArrayLength());
        }

        Assert.Equal(1, (await client.Get($"/products?search=cafe%CC%81%20{mark}")).Json.GetArrayLength());
    }

    [Fact]
    public async Task Text_is_counted_in_one_unit_by_writes_filters_and_searches()
    {
        var client = await shop.Client();
        string Emoji(int count) => string.Concat(Enumerable.Repeat("\U0001F600", count));

        var made = await client.NewProduct(1, category: Emoji(100), name: Emoji(200));

        Assert.NotEmpty(made);
        var filter = await client.Get($"/products?category={Uri.EscapeDataString(Emoji(100))}");
        var search = await client.Get($"/products?search={Uri.EscapeDataString(Emoji(200))}");
        Assert.Equal(1, filter.Json.GetArrayLength());
        Assert.Equal(1, search.Json.GetArrayLength());
        Assert.Equal(
            HttpStatusCode.BadRequest,
            (await client.Get($"/products?category={Uri.EscapeDataString(Emoji(101))}")).Status
        );
    }
}
