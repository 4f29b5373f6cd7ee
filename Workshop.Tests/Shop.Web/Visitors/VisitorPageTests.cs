using Workshop.Tests.Shop.Web.Redundancy;
using Xunit;

namespace Workshop.Tests.Shop.Web.Visitors;

/// <summary>Who visits from another machine sees which buttons are not theirs before anything is filled in.</summary>
public sealed class VisitorPageTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/admin/products/new")]
    [InlineData("/redundancy")]
    [InlineData("/predictions")]
    [InlineData("/tour/b-q7")]
    public async Task The_operators_forms_rest_for_a_visitor_and_say_where_to_sign_in(string path)
    {
        await using var shop = await StubShop.Start();
        await using var storefront = shop.Storefront();
        using var operators = storefront.Browser();
        using var visitors = Visitor(storefront);

        var own = await operators.GetStringAsync(new Uri(path, UriKind.Relative), Ct);
        var visited = await visitors.GetStringAsync(new Uri(path, UriKind.Relative), Ct);

        Assert.DoesNotContain("data-testid=\"rests\"", own, StringComparison.Ordinal);
        Assert.DoesNotContain("data-testid=\"visitor\"", own, StringComparison.Ordinal);
        Assert.Contains("<fieldset disabled data-testid=\"rests\">", visited, StringComparison.Ordinal);
        Assert.Contains($"/sign-in?back={Uri.EscapeDataString(path)}", visited, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_visitor_is_told_to_listen_on_an_address_of_their_own_which_a_proxy_hides()
    {
        await using var storefront = new StorefrontServer();
        using var operators = storefront.Browser();
        using var visitors = Visitor(storefront);
        var join = new Uri("/predictions/join", UriKind.Relative);

        Assert.DoesNotContain("--host", await operators.GetStringAsync(join, Ct), StringComparison.Ordinal);
        Assert.Contains(
            "app.py --port 5300 --host ADDRESS",
            await visitors.GetStringAsync(join, Ct),
            StringComparison.Ordinal
        );
    }

    /// <summary>Who comes through a proxy is not of this machine.</summary>
    private static HttpClient Visitor(StorefrontServer storefront)
    {
        var browser = storefront.Browser();
        browser.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.5");
        return browser;
    }
}
