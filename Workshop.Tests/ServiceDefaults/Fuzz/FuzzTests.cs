using LaboratoryBench.Processes;
using Workshop.Tests.Consensus;
using Workshop.Tests.Predictors;
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

    [Fact]
    public async Task The_consensus_answers_anything_without_a_500()
    {
        await using var ann = await StubMember.Start(StubMember.Well);
        await using var consensus = new ConsensusFixture();
        consensus.UseKestrel(0);
        await consensus.Register("ann", ann.Url);
        using var client = consensus.Insider();

        Assert.Empty(await new RouteFuzzer(client).Run(Requests, Seed, Ct));
        Assert.True((await consensus.Get("/ledger/verify")).GetProperty("valid").GetBoolean());
    }

    [Fact]
    public async Task A_predictor_answers_anything_without_a_500()
    {
        var folder = TestFolders.Create("fuzzed");
        await using (var predictor = await new PredictorServer("bayes", folder).Ready())
        {
            Assert.Empty(await new RouteFuzzer(predictor.Client).Run(Requests, Seed, Ct));
        }

        Directory.Delete(folder, recursive: true);
    }
}
