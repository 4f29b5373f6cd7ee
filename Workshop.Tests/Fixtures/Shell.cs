using System.Diagnostics;
using Workshop.Tests.Architecture;

namespace Workshop.Tests.Fixtures;

/// <summary>Runs what a person would type, in the repository's own folder.</summary>
internal static class Shell
{
    /// <summary>As typed, but an answer that is an error fails it.</summary>
    private const string StrictCurl = "curl() { command curl --fail-with-body -sS \"$@\"; }; set -e\n";

    /// <summary>Runs a script in bash.</summary>
    /// <returns>Its exit code, and all that it printed.</returns>
    internal static async Task<(int Exit, string Output)> Run(string script, CancellationToken ct)
    {
        using var bash = Process.Start(
            new ProcessStartInfo("bash", ["-c", StrictCurl + script])
            {
                WorkingDirectory = SourceTree.Root,
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var error = bash.StandardError.ReadToEndAsync(ct);
        var output = await bash.StandardOutput.ReadToEndAsync(ct);
        await bash.WaitForExitAsync(ct);
        return (bash.ExitCode, output + await error);
    }
}
