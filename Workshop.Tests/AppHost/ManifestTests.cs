using System.Diagnostics;
using System.Text.Json;
using Workshop.Tests.Fixtures;
using Xunit;

namespace Workshop.Tests.AppHost;

/// <summary>The application described for a deployment: nothing runs, and databases are containers.</summary>
public sealed class ManifestTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_manifest_names_every_service_and_two_containers_of_PostgreSQL()
    {
        var folder = TestFolders.Create("manifest");
        var path = Path.Combine(folder, "manifest.json");
        using var host = Process.Start(
            new ProcessStartInfo(
                "dotnet",
                [WorkshopProcess.BuiltHost, "--publisher", "manifest", "--output-path", path]
            )
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
            }
        )!;
        await host.StandardOutput.ReadToEndAsync(Ct);
        await host.WaitForExitAsync(Ct);

        Assert.Equal(0, host.ExitCode);
        using var manifest = JsonDocument.Parse(await File.ReadAllBytesAsync(path, Ct));
        var types = manifest
            .RootElement.GetProperty("resources")
            .EnumerateObject()
            .ToDictionary(
                resource => resource.Name,
                resource => resource.Value.GetProperty("type").GetString(),
                StringComparer.Ordinal
            );
        Assert.All(
            ["registry", "shop-api-1", "shop-api-2", "shop-web", "consensus", "shop-migrations"],
            name => Assert.StartsWith("project.v", types[name], StringComparison.Ordinal)
        );
        Assert.All(
            ["postgres-1", "postgres-2"],
            name => Assert.StartsWith("container.v", types[name], StringComparison.Ordinal)
        );
        Assert.DoesNotContain(types.Values, type => type?.StartsWith("executable.", StringComparison.Ordinal) is true);
        Directory.Delete(folder, recursive: true);
    }
}
