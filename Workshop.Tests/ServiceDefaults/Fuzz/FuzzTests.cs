using Workshop.Tests.Registry;
using Workshop.Tests.Shop.Api;
using Xunit;

namespace Workshop.Tests.ServiceDefaults.Fuzz;

/// <summary>No 500 for what a client sends, on any route that a service describes.</summary>
[Collection(nameof(ShopTests))]
public sealed class FuzzTests(ShopFixture shop)
{
    /// <summary>Enough to send every hostile value to most routes, in some seconds.</summary>
    private const int Requests = 1_500;

    private const string Seed = "0000V1HQwg41";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_shop_answers_anything_without_a_500()
    {
        var client = await shop.Client();

        Assert.Empty(await new RouteFuzzer(client.Http).Run(Requests, Seed, Ct));
    }

    [Fact]
    public async Task The_registry_answers_anything_without_a_500()
    {
        await using var registry = new RegistryServer();

        Assert.Empty(await new RouteFuzzer(registry.Writer).Run(Requests, Seed, Ct));
    }
}
