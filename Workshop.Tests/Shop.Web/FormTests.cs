using System.Net;
using LaboratoryBench.Shoppers;
using Workshop.Tests.Fixtures;
using Xunit;

namespace Workshop.Tests.Shop.Web;

/// <summary>Forms that no browser would send: each is answered with a page that says what is wanted.</summary>
[Collection(WorkshopFixture.Name)]
public sealed class FormTests(WorkshopFixture fixture)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/predictions/iris", "/predictions/iris/batches", "count", "Run 1 to ")]
    [InlineData("/redundancy", "/redundancy/buyers", "rate", "The rate is a whole number from 1 to ")]
    [InlineData("/redundancy", "/redundancy/buyers", "seconds", "The duration is a whole number from 1 to ")]
    public async Task A_number_that_is_none_is_refused_in_words(string from, string action, string field, string words)
    {
        foreach (var entered in new[] { "", "-1", "0", "1.5", "many", "99999999999", "1e1" })
        {
            var answer = await Send(from, action, fields => fields[field] = entered);

            Assert.Contains(words, answer, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("60001")]
    [InlineData("soon")]
    [InlineData(null)]
    public async Task A_delay_that_is_none_is_refused_in_words(string? entered)
    {
        var answer = await Send(
            "/redundancy",
            "/redundancy/lag",
            fields =>
            {
                if (entered is not null)
                {
                    fields["milliseconds"] = entered;
                }
            },
            "/redundancy/buyers"
        );

        Assert.Contains("The delay is a whole number from 0 to 60000.", answer, StringComparison.Ordinal);
    }

    /// <summary>Fills in a form of the page <paramref name="from"/> and sends it to <paramref name="action"/>.</summary>
    /// <returns>The page at which a browser arrives.</returns>
    private async Task<string> Send(
        string from,
        string action,
        Action<Dictionary<string, string>> fill,
        string? form = null
    )
    {
        using var browser = new HttpClient(new SocketsHttpHandler { CookieContainer = new() });
        browser.BaseAddress = fixture.Workshop.ShopWeb;
        var page = await browser.GetStringAsync(new Uri(from, UriKind.Relative), Ct);
        var fields = FormReader.Fields(page, form ?? action);
        Assert.NotNull(fields);
        fill(fields);
        using var content = new FormUrlEncodedContent(fields);
        using var response = await browser.PostAsync(new Uri(action, UriKind.Relative), content, Ct);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync(Ct);
    }
}
