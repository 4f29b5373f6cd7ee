using System.Diagnostics;
using Workshop.Figures;

namespace LaboratoryBench.Failover.Outside;

/// <summary>The container engine's command line, and the script that starts the cluster.</summary>
internal static class Podman
{
    private const string Program = "podman";

    private static readonly string Script = Path.Combine(Repository.Root, "bench", "patroni", "cluster.sh");

    /// <summary>Runs a command of the engine.</summary>
    public static Task<string> Run(params string[] arguments) => Execute(Program, arguments);

    /// <summary>Runs a command of the cluster's script.</summary>
    public static Task<string> Cluster(params string[] arguments) => Execute(Script, arguments);

    /// <summary>The container whose name begins so.</summary>
    public static async Task<string> Find(string name) =>
        (await Run("ps", "--all", "--filter", $"name=^{name}", "--format", "{{.Names}}")).Split('\n')[0];

    private static async Task<string> Execute(string program, string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments)
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? output.Trim()
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {await errors}");
    }
}
