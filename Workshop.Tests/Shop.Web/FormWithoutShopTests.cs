using System.Net;
using LaboratoryBench.Processes;
using Xunit;

namespace Workshop.Tests.Shop.Web;

/// <summary>A form while no shop server answers. It waits for one as long as a failover may take, beside other tests.</summary>
public sealed class FormWithoutShopTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task With_the_shop_down_a_form_keeps_its_text()
    {
        await using var storefront = WithoutShop();
        using var browser = storefront.Browser();
        var form = await NewProduct(browser);
        (form["Form.Name"], form["Form.Price"], form["Form.Category"]) = ("Typed by hand", "1.00", "C");
        form["Form.Description"] = "A long text";

        var answers = await Task.WhenAll(
            StorefrontServer.Post(browser, "/admin/products/new", form, Ct),
            StorefrontServer.Post(
                browser,
                $"/admin/products/{Guid.CreateVersion7()}",
                new(form, StringComparer.Ordinal) { ["_handler"] = "product", ["Form.SeenName"] = "Old" },
                Ct
            )
        );

        foreach (var (status, page, _) in answers)
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
            Assert.Contains("Typed by hand", page, StringComparison.Ordinal);
            Assert.Contains("A long text", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task With_the_shop_down_a_deletion_can_be_pressed_again_and_claims_nothing()
    {
        await using var storefront = WithoutShop();
        using var browser = storefront.Browser();
        var form = await NewProduct(browser);
        Dictionary<string, string> deletion = new(StringComparer.Ordinal)
        {
            ["__RequestVerificationToken"] = form["__RequestVerificationToken"],
            ["_handler"] = "delete",
            ["Deletion.Revision"] = "\"7\"",
        };

        var address = $"/admin/products/{Guid.CreateVersion7()}";
        var (status, page, _) = await StorefrontServer.Post(browser, address, deletion, Ct);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("Is the product deleted?", page, StringComparison.Ordinal);
        Assert.Contains("The shop is not answering right now.", page, StringComparison.Ordinal);
        Assert.Contains("Deletion.Revision", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Form.Price", page, StringComparison.Ordinal);
    }

    private static StorefrontServer WithoutShop() =>
        new(("services:shop-api:http:0", $"http://localhost:{FreePorts.Next()}"));

    private static async Task<Dictionary<string, string>> NewProduct(HttpClient browser) =>
        StorefrontServer.Form(
            await browser.GetStringAsync(new Uri("/admin/products/new", UriKind.Relative), Ct),
            "new-product"
        );
}
