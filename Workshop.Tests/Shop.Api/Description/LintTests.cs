using Workshop.Tests.ServiceDefaults.Description;
using Xunit;

namespace Workshop.Tests.Shop.Api.Description;

/// <summary>What an outside tool says of the description.</summary>
[Collection(nameof(ShopTests))]
public sealed class LintTests(ShopFixture shop)
{
    [Theory]
    [InlineData("oas.yaml", "warn")]
    // With its OWASP rules.
    [InlineData("spectral.yaml", "error")]
    public async Task Spectral_has_nothing_to_say(string ruleset, string severity)
    {
        var description = (await (await shop.Client()).Get("/openapi/v1.json")).Text;

        var found = await Spectral.Lint(
            ruleset,
            severity,
            [("shop", description)],
            TestContext.Current.CancellationToken
        );

        Assert.True(found is null, found);
    }
}
