using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using LaboratoryBench.Processes;
using Xunit;

namespace Workshop.Tests.Deploy;

/// <summary>A resource of the AppHost's manifest, as far as it is compared.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">For example <c>project.v0</c>.</param>
/// <param name="Port">Where it listens; null where it does not.</param>
/// <param name="Environment">Names of its variables.</param>
internal sealed record WorkshopResource(string Name, string Type, int? Port, IReadOnlyList<string> Environment);

/// <summary>The application described for a deployment by its own host: nothing runs, and databases are containers.</summary>
internal static class WorkshopManifest
{
    internal static async Task<IReadOnlyDictionary<string, WorkshopResource>> Write(CancellationToken ct)
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
        await host.StandardOutput.ReadToEndAsync(ct);
        await host.WaitForExitAsync(ct);
        Assert.Equal(0, host.ExitCode);
        using var manifest = JsonDocument.Parse(await File.ReadAllBytesAsync(path, ct));
        Directory.Delete(folder, recursive: true);
        return manifest
            .RootElement.GetProperty("resources")
            .EnumerateObject()
            .Select(resource => Read(resource.Name, resource.Value))
            .ToDictionary(resource => resource.Name, StringComparer.Ordinal);
    }

    private static WorkshopResource Read(string name, JsonElement resource) =>
        new(
            name,
            resource.GetProperty("type").GetString()!,
            resource.TryGetProperty("bindings", out var bindings)
                ? bindings
                    .EnumerateObject()
                    .Select(binding => binding.Value.GetProperty("targetPort").GetRawText())
                    .Select(port => int.Parse(port, CultureInfo.InvariantCulture))
                    .Single()
                : null,
            resource.TryGetProperty("env", out var variables)
                ? [.. variables.EnumerateObject().Select(variable => variable.Name)]
                : []
        );
}
