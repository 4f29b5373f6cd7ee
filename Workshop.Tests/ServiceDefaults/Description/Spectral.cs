using System.Diagnostics;
using LaboratoryBench.Processes;
using Workshop.Tests.Architecture;

namespace Workshop.Tests.ServiceDefaults.Description;

/// <summary>An outside tool that reads descriptions.</summary>
internal static class Spectral
{
    /// <summary>Longest run; a busy machine has taken half a minute.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>Lints descriptions.</summary>
    /// <param name="ruleset">A file beside the tool's lock file.</param>
    /// <param name="severity">The least that counts: <c>error</c> or <c>warn</c>.</param>
    /// <param name="descriptions">Name and document.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>What it found; null for nothing.</returns>
    internal static async Task<string?> Lint(
        string ruleset,
        string severity,
        IEnumerable<(string Name, string Document)> descriptions,
        CancellationToken ct
    )
    {
        var folder = TestFolders.Create("openapi");
        List<string> files = [];
        foreach (var (name, document) in descriptions)
        {
            files.Add(Path.Combine(folder, $"{name}.json"));
            await File.WriteAllTextAsync(files[^1], document, ct);
        }

        var script = Path.Combine(SourceTree.Root, "Workshop.Tests", "openapi", "check.sh");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Limit);
        using var check = Process.Start(
            new ProcessStartInfo("bash", [script, ruleset, severity, .. files])
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
            }
        )!;
        try
        {
            var output = await check.StandardOutput.ReadToEndAsync(limit.Token);
            await check.WaitForExitAsync(limit.Token);
            return check.ExitCode == 0 ? null : output;
        }
        finally
        {
            if (!check.HasExited)
            {
                check.Kill(entireProcessTree: true);
            }

            Directory.Delete(folder, recursive: true);
        }
    }
}
