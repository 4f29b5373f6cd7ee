using System.Net;
using LaboratoryBench.Processes;
using Workshop.Tests.Shop.Api;
using Xunit;

namespace Workshop.Tests.Shop.Web;

/// <summary>
/// What a reader does with a cart and an order: no press destroys for good, and what can be fitted is not refused.
/// </summary>
[Collection(nameof(ShopTests))]
public sealed class CartFormTests(ShopFixture shop)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task More_than_there_is_becomes_what_there_is_with_a_word()
    {
        await using var visit = await Visit.Start(shop);
        var product = await visit.Client.NewProduct(5, name: "Rare kettle");

        var added = await visit.Send($"/products/{product}", "/cart/items", ("quantity", "999"));

        Assert.Contains("Only 5 left of Rare kettle: your cart now holds 5.", added, StringComparison.Ordinal);
        Assert.Equal(5, await visit.Pieces());
        var raised = await visit.Send("/cart", $"/cart/items/{product}", ("quantity", "2000000000000"));
        Assert.Contains("Only 5 left", raised, StringComparison.Ordinal);
        Assert.Equal(5, await visit.Pieces());
    }

    [Fact]
    public async Task Zero_removes_and_undo_brings_back()
    {
        await using var visit = await Visit.Start(shop);
        var product = await visit.Client.NewProduct(9, name: "Undone kettle");
        await visit.Put(product, 3);

        var removed = await visit.Send("/cart", $"/cart/items/{product}", ("quantity", "0"));

        Assert.Contains("Undone kettle removed from your cart.", removed, StringComparison.Ordinal);
        Assert.Equal(0, await visit.Pieces());
        var undone = await StorefrontServer.Post(
            visit.Browser,
            "/cart/items",
            StorefrontServer.Form(removed, "/cart/items"),
            Ct
        );
        Assert.Contains("3 × Undone kettle added to your cart.", undone.Page, StringComparison.Ordinal);
        Assert.Equal(3, await visit.Pieces());
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("many")]
    [InlineData("1.5")]
    [InlineData("")]
    public async Task A_quantity_that_is_none_is_refused_at_its_field(string entered)
    {
        await using var visit = await Visit.Start(shop);
        var product = await visit.Client.NewProduct(9);
        await visit.Put(product, 3);

        var refused = await visit.Send("/cart", $"/cart/items/{product}", ("quantity", entered));

        Assert.Contains("Enter a whole number from 0 to 1000.", refused, StringComparison.Ordinal);
        Assert.Contains("aria-invalid=\"true\"", refused, StringComparison.Ordinal);
        Assert.Equal(3, await visit.Pieces());
    }

    [Fact]
    public async Task A_cart_that_cannot_be_ordered_is_mendedby_one_press()
    {
        await using var visit = await Visit.Start(shop);
        var scarce = await visit.Client.NewProduct(9, name: "Short kettle");
        var gone = await visit.Client.NewProduct(9, name: "Gone kettle");
        var empty = await visit.Client.NewProduct(9, name: "Empty kettle");
        foreach (var product in new[] { scarce, gone, empty })
        {
            await visit.Put(product, 4);
        }

        await visit.Client.Put($"/products/{scarce}", new { stock = 2 });
        await visit.Client.Put($"/products/{empty}", new { stock = 0 });
        await visit.Client.Delete($"/products/{gone}");
        var cart = await visit.Page("/cart");
        Assert.DoesNotContain("Go to checkout", cart, StringComparison.Ordinal);

        var mended = await visit.Send("/cart", "/cart/fit");

        Assert.Contains("Only 2 left of Short kettle: your cart now holds 2.", mended, StringComparison.Ordinal);
        Assert.Contains("Gone kettle is no longer available", mended, StringComparison.Ordinal);
        Assert.Contains("Empty kettle is sold out for now", mended, StringComparison.Ordinal);
        Assert.Contains("Go to checkout", mended, StringComparison.Ordinal);
        Assert.Equal(2, await visit.Pieces());
    }

    [Fact]
    public async Task An_order_says_where_it_is_stored_and_who_confirmed_it_and_can_be_bought_again()
    {
        await using var visit = await Visit.Start(shop);
        var product = await visit.Client.NewProduct(9, name: "Stored kettle");
        await visit.Put(product, 2);

        var (status, page, path) = await visit.Post("/checkout", "/checkout");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Matches("<b>postgres-1</b> \\(primary\\): On disk\\. This is the only copy", page);
        Assert.Matches("Confirmed by <b>shop-api-1</b> in [0-9,]+ ms", page);
        // A reload knows it too; a stranger does not.
        Assert.Contains("Confirmed by", await visit.Page(path), StringComparison.Ordinal);
        using var stranger = visit.Server.Browser();
        var seen = await stranger.GetStringAsync(new Uri(path, UriKind.Relative), Ct);
        Assert.Contains("On disk", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("Confirmed by", seen, StringComparison.Ordinal);

        var press = StorefrontServer.Form(await visit.Page(path), $"{path}/again");
        var again = await StorefrontServer.Post(visit.Browser, $"{path}/again", press, Ct);
        Assert.Contains("1 item of that order added to your cart.", again.Page, StringComparison.Ordinal);
        var twice = await StorefrontServer.Post(visit.Browser, $"{path}/again", press, Ct);
        Assert.Contains("nothing was added a second time", twice.Page, StringComparison.Ordinal);
        Assert.Equal(2, await visit.Pieces());
        await visit.Client.Delete($"/products/{product}");
        Assert.Contains(
            "Stored kettle could not be added.",
            await visit.Send(path, $"{path}/again"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_search_that_finds_nothing_leads_on()
    {
        await using var visit = await Visit.Start(shop);
        await visit.Client.NewProduct(9, name: "Xylophonium deluxe");

        var nothing = await visit.Page("/products?search=xylophonim&category=Books");

        Assert.Contains("href=\"/products?search=Xylophonium\"", nothing, StringComparison.Ordinal);
        Assert.Contains("href=\"/products?search=xylophonim\"", nothing, StringComparison.Ordinal);
        Assert.Contains(
            "Xylophonium deluxe",
            await visit.Page("/products?search=XYLÓPHONIUM"),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "Xylophonium deluxe",
            await visit.Page("/products?search=xylophonium&after=zzz"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task All_that_is_wrong_with_a_new_product_is_told_at_once()
    {
        await using var visit = await Visit.Start(shop);

        var refused = await visit.Send(
            "/admin/products/new",
            "new-product",
            ("Form.Name", " "),
            ("Form.Price", "abc"),
            ("Form.Stock", "-1"),
            ("Form.Category", "")
        );

        Assert.Contains("4 fields need another value", refused, StringComparison.Ordinal);
        Assert.Equal(4, refused.Split("aria-invalid=\"true\"").Length - 1);
        foreach (var field in new[] { "name", "price", "stock", "category" })
        {
            Assert.Contains($"href=\"/admin/products/new#{field}\"", refused, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_checkout_that_nobody_answered_still_has_its_button()
    {
        await using var visit = await Visit.Start(shop);
        var product = await visit.Client.NewProduct(9);
        await visit.Put(product, 1);
        var form = StorefrontServer.Form(await visit.Page("/checkout"), "/checkout");
        await using var cut = new StorefrontServer(
            ("services:shop-api:http:0", $"http://localhost:{FreePorts.Next()}")
        );
        using var browser = cut.Browser();
        var page = $"/checkout?key={Guid.Parse(form["key"]):N}&digest={form["digest"]}";

        using var answer = await browser.GetAsync(new Uri(page, UriKind.Relative), Ct);
        var shown = StorefrontServer.Form(await answer.Content.ReadAsStringAsync(Ct), "/checkout");

        Assert.Equal(form["key"], shown["key"]);
        Assert.Equal(form["digest"], shown["digest"]);
    }

    [Fact]
    public async Task A_checkout_whose_order_was_placed_unheard_leads_to_it()
    {
        await using var visit = await Visit.Start(shop);
        await visit.Put(await visit.Client.NewProduct(9), 1);
        var form = StorefrontServer.Form(await visit.Page("/checkout"), "/checkout");
        var placed = await StorefrontServer.Post(visit.Browser, "/checkout", form, Ct);
        var unheard = $"/checkout?key={Guid.Parse(form["key"]):N}&digest={form["digest"]}";

        var page = await visit.Page(unheard);
        var again = await visit.Post(unheard, "/checkout");

        Assert.Contains("Your cart is empty: your order was probably placed.", page, StringComparison.Ordinal);
        Assert.Equal(placed.Path, again.Path);
        Assert.Contains("It was not placed a second time", again.Page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_of_products_from_a_place_that_is_none_begins_at_its_start()
    {
        await using var visit = await Visit.Start(shop);
        await visit.Client.NewProduct(9);

        Assert.Contains("Products by name", await visit.Page("/admin/products?after=zzz"), StringComparison.Ordinal);
    }

    /// <summary>One reader with a name of its own, at a storefront over the shop.</summary>
    private sealed class Visit(ShopClient client, StorefrontServer server, HttpClient browser, string user)
        : IAsyncDisposable
    {
        public ShopClient Client => client;

        public StorefrontServer Server => server;

        public HttpClient Browser => browser;

        public static async Task<Visit> Start(ShopFixture shop)
        {
            var client = await shop.Client();
            var server = new StorefrontServer(("services:shop-api:http:0", client.Http.BaseAddress!.ToString()));
            var visit = new Visit(client, server, server.Browser(), ShopClient.NewUser());
            var form = StorefrontServer.Form(await visit.Page("/account"), "account");
            form["userId"] = visit.User;
            await StorefrontServer.Post(visit.Browser, "/account", form, Ct);
            return visit;
        }

        private string User => user;

        public Task<Answer> Put(string product, int quantity) =>
            client.Post($"/cart/{user}", new { productId = product, quantity });

        public async Task<int> Pieces() =>
            (await client.Get($"/cart/{user}"))["items"]
                .EnumerateArray()
                .Sum(line => line.GetProperty("quantity").GetInt32());

        public async Task<string> Page(string path) =>
            WebUtility.HtmlDecode(await browser.GetStringAsync(new Uri(path, UriKind.Relative), Ct));

        public async Task<string> Send(string from, string form, params (string Name, string Value)[] filled) =>
            (await Post(from, form, filled)).Page;

        public async Task<(HttpStatusCode Status, string Page, string Path)> Post(
            string from,
            string form,
            params (string Name, string Value)[] filled
        )
        {
            var fields = StorefrontServer.Form(await browser.GetStringAsync(new Uri(from, UriKind.Relative), Ct), form);
            foreach (var (name, value) in filled)
            {
                fields[name] = value;
            }

            return await StorefrontServer.Post(browser, form.StartsWith('/') ? form : from, fields, Ct);
        }

        public async ValueTask DisposeAsync()
        {
            browser.Dispose();
            await server.DisposeAsync();
        }
    }
}
