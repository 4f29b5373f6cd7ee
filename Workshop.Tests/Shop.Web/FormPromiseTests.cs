using System.Net;
using LaboratoryBench.Processes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Workshop.Tests.Shop.Api;
using Xunit;

namespace Workshop.Tests.Shop.Web;

/// <summary>Forms carry what their reader saw, and every refusal is in our words with what was typed beside it.</summary>
[Collection(nameof(ShopTests))]
public sealed class FormPromiseTests(ShopFixture shop)
{
    /// <summary>What the framework writes for its developers.</summary>
    private static readonly string[] FrameworkWords =
    [
        "antiforgery",
        "form on the page",
        "which form is being submitted",
    ];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_description_is_saved_while_the_product_sells()
    {
        var (client, server, browser) = await Open();
        await using var storefront = server;
        var product = await client.NewProduct(10);
        var form = StorefrontServer.Form(await Page(browser, $"/admin/products/{product}"), "product");
        await client.Order(ShopClient.NewUser(), product, 3);
        form["Form.Description"] = "Better words.";

        var saved = await StorefrontServer.Post(browser, $"/admin/products/{product}", form, Ct);

        Assert.Equal($"/products/{product}", saved.Path);
        var now = await client.Get($"/products/{product}");
        Assert.Equal(7, now["stock"].GetInt32());
        Assert.Equal("Better words.", now["description"].GetString());
    }

    [Fact]
    public async Task An_edit_of_the_same_field_is_shown_and_the_next_press_answers_to_it()
    {
        var (client, server, browser) = await Open();
        await using var storefront = server;
        var product = await client.NewProduct(10);
        var path = $"/admin/products/{product}";
        var form = StorefrontServer.Form(await Page(browser, path), "product");
        await client.Put($"/products/{product}", new { price = 13.00, stock = 5 });
        (form["Form.Price"], form["Form.Description"]) = ("14.00", "");

        var conflict = await StorefrontServer.Post(browser, path, form, Ct);
        var second = StorefrontServer.Form(conflict.Page, "product");
        second["Form.Description"] = "";
        await StorefrontServer.Post(browser, path, second, Ct);

        Assert.Contains("Someone else changed this product", conflict.Page, StringComparison.Ordinal);
        var now = await client.Get($"/products/{product}");
        Assert.Equal(14.00m, now["price"].GetDecimal());
        Assert.Equal(5, now["stock"].GetInt32());
    }

    [Fact]
    public async Task What_was_edited_since_it_was_seen_is_not_deleted_by_a_press()
    {
        var (client, server, browser) = await Open();
        await using var storefront = server;
        var product = await client.NewProduct(10);
        var path = $"/admin/products/{product}";
        var form = StorefrontServer.Form(await Page(browser, path), "delete");
        await client.Put($"/products/{product}", new { price = 13.00 });

        var refused = await StorefrontServer.Post(browser, path, form, Ct);
        Assert.Contains("Someone edited it since you saw it", refused.Page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await client.Get($"/products/{product}")).Status);

        await StorefrontServer.Post(browser, path, StorefrontServer.Form(refused.Page, "delete"), Ct);
        Assert.Equal(HttpStatusCode.NotFound, (await client.Get($"/products/{product}")).Status);
        var again = await StorefrontServer.Post(browser, path, form, Ct);
        Assert.Contains("deleted already", again.Page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Saving_what_is_gone_keeps_what_was_typed()
    {
        var (client, server, browser) = await Open();
        await using var storefront = server;
        var product = await client.NewProduct(10);
        var form = StorefrontServer.Form(await Page(browser, $"/admin/products/{product}"), "product");
        await client.Delete($"/products/{product}");
        (form["Form.Name"], form["Form.Description"]) = ("Typed by hand", "A long text");

        var answer = await StorefrontServer.Post(browser, $"/admin/products/{product}", form, Ct);

        Assert.Equal(HttpStatusCode.Gone, answer.Status);
        Assert.Contains("Typed by hand", answer.Page, StringComparison.Ordinal);
        Assert.Contains("A long text", answer.Page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("price")]
    [InlineData("goods")]
    [InlineData("buyer")]
    public async Task Checkout_orders_what_its_page_shows_or_nothing(string change)
    {
        var (client, server, browser) = await Open();
        await using var storefront = server;
        var product = await client.NewProduct(10, price: "10.00");
        var user = await Buy(client, browser, product);
        var form = StorefrontServer.Form(await Page(browser, "/checkout"), "/checkout");
        switch (change)
        {
            case "price":
                await client.Put($"/products/{product}", new { price = 999.00 });
                break;
            case "goods":
                await client.Post($"/cart/{user}", new { productId = await client.NewProduct(5), quantity = 3 });
                break;
            default:
                await Become(browser, ShopClient.NewUser());
                break;
        }

        var refused = await StorefrontServer.Post(browser, "/checkout", form, Ct);

        Assert.Equal("/checkout", refused.Path);
        Assert.Contains("Nothing was ordered", refused.Page, StringComparison.Ordinal);
        Assert.Equal(0, (await client.Get($"/orders/{user}")).Json.GetArrayLength());
    }

    [Fact]
    public async Task A_page_that_was_refused_once_orders_when_there_is_stock_and_an_order_is_not_placed_twice()
    {
        var (client, server, browser) = await Open();
        await using var storefront = server;
        var product = await client.NewProduct(10);
        var user = await Buy(client, browser, product);
        var form = StorefrontServer.Form(await Page(browser, "/checkout"), "/checkout");
        await client.Put($"/products/{product}", new { stock = 0 });
        var refused = await StorefrontServer.Post(browser, "/checkout", form, Ct);
        await client.Put($"/products/{product}", new { stock = 5 });

        var placed = await StorefrontServer.Post(browser, "/checkout", form, Ct);
        await client.Post($"/cart/{user}", new { productId = product, quantity = 1 });
        var again = await StorefrontServer.Post(browser, "/checkout", form, Ct);

        Assert.Equal("/cart", refused.Path);
        Assert.Contains("Your order is placed", placed.Page, StringComparison.Ordinal);
        Assert.Contains("It was not placed a second time", again.Page, StringComparison.Ordinal);
        // What the cart holds by now was put there by another browser.
        Assert.Contains("<span class=\"count\" aria-hidden=\"true\">1</span>", again.Page, StringComparison.Ordinal);
        Assert.Equal(1, (await client.Get($"/orders/{user}")).Json.GetArrayLength());
        Assert.Equal(1, (await client.Get($"/cart/{user}"))["items"].GetArrayLength());
    }

    [Fact]
    public async Task A_cancel_that_happened_already_is_a_success()
    {
        var (client, server, browser) = await Open();
        await using var storefront = server;
        var user = ShopClient.NewUser();
        var order = (await client.Order(user, await client.NewProduct(5), 1))["id"].GetString();
        var path = $"/orders/{user}/{order}";
        var form = StorefrontServer.Form(await Page(browser, path), $"{path}/cancel");

        await StorefrontServer.Post(browser, $"{path}/cancel", form, Ct);
        var again = await StorefrontServer.Post(browser, $"{path}/cancel", form, Ct);

        Assert.Contains("Order cancelled.", again.Page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/products")]
    [InlineData("/cart")]
    [InlineData("/account")]
    [InlineData("/admin/products/new")]
    [InlineData("/orders")]
    public async Task A_form_that_is_none_of_ours_gets_a_page_of_ours(string path)
    {
        var (_, server, browser) = await Open();
        await using var storefront = server;
        using var stranger = storefront.Browser(cookies: false);

        var none = await StorefrontServer.Post(browser, path, [], Ct);
        var bare = await StorefrontServer.Post(stranger, path, new(StringComparer.Ordinal) { ["a"] = "b" }, Ct);

        foreach (var (status, page, _) in new[] { none, bare })
        {
            Assert.Equal(HttpStatusCode.BadRequest, status);
            Assert.Contains("<h1", page, StringComparison.Ordinal);
            Assert.DoesNotContain(FrameworkWords, word => page.Contains(word, StringComparison.OrdinalIgnoreCase));
        }

        Assert.Contains("This shop needs cookies", bare.Page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_storefronts_on_one_machine_keep_out_of_each_others_cookies()
    {
        var (_, server, browser) = await Open();
        await using var storefront = server;
        using var answer = await browser.GetAsync(new Uri("/account", UriKind.Relative), Ct);

        var cookies = answer.Headers.GetValues("Set-Cookie").ToList();

        Assert.NotEmpty(cookies);
        Assert.All(
            cookies,
            cookie =>
            {
                Assert.Contains($"-{storefront.Address.Port}=", cookie, StringComparison.Ordinal);
                Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
            }
        );
    }

    [Fact]
    public async Task Who_answers_anything_takes_down_no_page()
    {
        var port = FreePorts.Next();
        var builder = WebApplication.CreateSlimBuilder();
        await using var stranger = builder.Build();
        stranger.Urls.Add($"http://localhost:{port}");
        stranger.MapGet("/{**path}", () => Results.Json(new { prediction = 0 }));
        await stranger.StartAsync(Ct);
        await using var storefront = new StorefrontServer(
            ("services:consensus:http:0", $"http://localhost:{port}"),
            ("services:shop-api:http:0", $"http://localhost:{port}"),
            ("services:registry:http:0", $"http://localhost:{port}")
        );
        using var browser = storefront.Browser();

        foreach (
            var path in new[]
            {
                "/predictions",
                "/predictions/iris",
                "/predictions/titanic",
                "/predictions/ledger",
                "/predictions/evaluation",
                "/predictions/members/a",
                "/predictions/iris/batches/1",
                "/cart",
                "/products",
                "/orders",
                "/redundancy",
                "/",
            }
        )
        {
            using var answer = await browser.GetAsync(new Uri(path, UriKind.Relative), Ct);
            Assert.NotEqual(HttpStatusCode.InternalServerError, answer.StatusCode);
        }
    }

    private async Task<(ShopClient Client, StorefrontServer Server, HttpClient Browser)> Open()
    {
        var client = await shop.Client();
        var server = new StorefrontServer(("services:shop-api:http:0", client.Http.BaseAddress!.ToString()));
        return (client, server, server.Browser());
    }

    private static Task<string> Page(HttpClient browser, string path) =>
        browser.GetStringAsync(new Uri(path, UriKind.Relative), Ct);

    /// <summary>A buyer of a name of its own, with one piece in the cart.</summary>
    private static async Task<string> Buy(ShopClient client, HttpClient browser, string product)
    {
        var user = ShopClient.NewUser();
        await Become(browser, user);
        await client.Post($"/cart/{user}", new { productId = product, quantity = 1 });
        return user;
    }

    private static async Task Become(HttpClient browser, string user)
    {
        var form = StorefrontServer.Form(await Page(browser, "/account"), "account");
        form["userId"] = user;
        await StorefrontServer.Post(browser, "/account", form, Ct);
    }
}
