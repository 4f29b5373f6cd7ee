using LaboratoryBench.Processes;
using Workshop.Tests.Consensus;
using Workshop.Tests.Predictors;
using Workshop.Tests.Registry;
using Xunit;

namespace Workshop.Tests.ServiceDefaults.Description;

/// <summary>Registry, consensus and predictors answer as their descriptions say.</summary>
public sealed class PrismTests : IDisposable
{
    private readonly string folder = TestFolders.Create("described");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task The_registry_answers_as_described()
    {
        await using var registry = new RegistryServer();
        await registry.Register("shop-api", "shop-api-1", 3001);
        await using var prism = await Prism.Start(registry.Writer, Ct);

        foreach (
            var path in new[]
            {
                "/getServer",
                "/getServer?service=nobody",
                "/services",
                "/services/shop-api",
                "/services/nobody",
                "/services/shop-api?wait=1d",
                "/conductor",
                "/alive",
                "/health",
            }
        )
        {
            await prism.Send(HttpMethod.Get, path, body: null, Ct);
        }

        await prism.Send(HttpMethod.Put, "/services/a/b", """{"address":"localhost:3001"}""", Ct);
        await prism.Send(HttpMethod.Delete, "/services/a/b", body: null, Ct);
        Assert.Empty(prism.Violations);
    }

    [Fact]
    public async Task The_consensus_answers_as_described()
    {
        using var consensus = new ConsensusFixture();
        consensus.UseKestrel(0);
        using var insider = consensus.Insider();
        await using var prism = await Prism.Start(insider, Ct);

        foreach (
            var path in new[]
            {
                "/predictors",
                "/predictors/nobody",
                "/iris/batches",
                "/iris/batches/1",
                "/nothing/batches",
                "/ledger",
                "/ledger?from=x",
                "/ledger/verify",
                "/evaluation",
                "/v2",
                "/v2/health/live",
                "/v2/health/ready",
                "/v2/models/iris",
                "/v2/models/iris/ready",
                "/v2/models/nothing",
                "/iris/predict?sepalLength=5.1&sepalWidth=3.5&petalLength=1.4&petalWidth=0.2",
                "/iris/predict?sepalLength=x",
            }
        )
        {
            await prism.Send(HttpMethod.Get, path, body: null, Ct);
        }

        await prism.Send(HttpMethod.Post, "/predictors", """{"name":"a","url":"http://localhost:1"}""", Ct);
        await prism.Send(HttpMethod.Post, "/iris/batches", """{"no":1}""", Ct);
        Assert.True(prism.Violations.Count == 0, string.Join('\n', prism.Violations));
    }

    [Fact]
    public async Task An_answer_that_is_not_as_described_is_found()
    {
        await using var registry = new RegistryServer();
        await registry.Register("shop-api", "shop-api-1", 3001);
        await using var prism = await Prism.Start(
            registry.Writer,
            Ct,
            description => description.Replace("\"instances\"", "\"theInstances\"", StringComparison.Ordinal)
        );

        await prism.Send(HttpMethod.Get, "/services/shop-api", body: null, Ct);

        Assert.NotEmpty(prism.Violations);
    }

    [Fact]
    public async Task A_predictor_answers_as_described()
    {
        await using var predictor = await new PredictorServer("bayes", folder).Ready();
        await using var prism = await Prism.Start(predictor.Client, Ct);

        foreach (
            var path in new[]
            {
                "/predict?sepalLength=5.1&sepalWidth=3.5&petalLength=1.4&petalWidth=0.2",
                "/predict?sepalLength=x",
                "/v2",
                "/v2/health/live",
                "/v2/health/ready",
                "/v2/models/iris",
                "/v2/models/iris/ready",
                "/v2/models/nothing",
                "/alive",
                "/health",
            }
        )
        {
            await prism.Send(HttpMethod.Get, path, body: null, Ct);
        }

        await prism.Send(HttpMethod.Post, "/v2/models/titanic/infer", """{"inputs":[null]}""", Ct);
        Assert.Empty(prism.Violations);
    }
}
