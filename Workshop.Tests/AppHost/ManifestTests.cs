using Workshop.Tests.Deploy;
using Xunit;

namespace Workshop.Tests.AppHost;

/// <summary>The application described for a deployment: nothing runs, and databases are containers.</summary>
public sealed class ManifestTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_manifest_names_every_service_and_two_containers_of_PostgreSQL()
    {
        var resources = await WorkshopManifest.Write(Ct);

        Assert.All(
            ["registry", "shop-api-1", "shop-api-2", "shop-web", "consensus", "shop-migrations"],
            name => Assert.StartsWith("project.v", resources[name].Type, StringComparison.Ordinal)
        );
        Assert.All(
            ["postgres-1", "postgres-2"],
            name => Assert.StartsWith("container.v", resources[name].Type, StringComparison.Ordinal)
        );
        Assert.DoesNotContain(
            resources.Values,
            resource => resource.Type.StartsWith("executable.", StringComparison.Ordinal)
        );
    }
}
