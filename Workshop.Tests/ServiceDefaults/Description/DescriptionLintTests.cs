using LaboratoryBench.Processes;
using Workshop.Tests.Consensus;
using Workshop.Tests.Predictors;
using Workshop.Tests.Registry;
using Xunit;

namespace Workshop.Tests.ServiceDefaults.Description;

/// <summary>What an outside tool says of the descriptions of registry, consensus and predictors.</summary>
public sealed class DescriptionLintTests : IDisposable
{
    private static readonly Uri Address = new("/openapi/v1.json", UriKind.Relative);

    private readonly string folder = TestFolders.Create("linted");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Spectral_has_nothing_to_say()
    {
        await using var registry = new RegistryServer();
        using var consensus = new ConsensusFixture();
        using var insider = consensus.Insider();
        await using var predictor = await new PredictorServer("bayes", folder).Ready();

        var found = await Spectral.Lint(
            "oas.yaml",
            "warn",
            [
                ("registry", await registry.Reader.GetStringAsync(Address, Ct)),
                ("consensus", await insider.GetStringAsync(Address, Ct)),
                ("predictor", await predictor.Client.GetStringAsync(Address, Ct)),
            ],
            Ct
        );

        Assert.True(found is null, found);
    }
}
