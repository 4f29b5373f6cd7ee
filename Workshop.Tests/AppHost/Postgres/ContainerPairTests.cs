using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using LaboratoryBench.Chaos;
using LaboratoryBench.Processes;
using Xunit;

namespace Workshop.Tests.AppHost.Postgres;

/// <summary>The pair in containers: the same commands, the same conductor, and nothing left behind.</summary>
[Trait("Needs", "containers")]
public sealed class ContainerPairTests
{
    private const string Image = "docker.io/library/postgres:18";

    private static readonly TimeSpan Lenient = TimeSpan.FromSeconds(120);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_primary_that_dies_and_one_that_hangs_are_replaced_and_nothing_is_left_behind()
    {
        var engine = await FindEngine();
        Assert.SkipWhen(engine is null, $"Neither podman nor docker answers here with the image {Image}.");
        // Of this pair alone: other tests' containers come and go meanwhile.
        var volumes = new HashSet<string>(StringComparer.Ordinal);
        await using (var workshop = await WorkshopProcess.Start(Ct, databases: "containers"))
        {
            using var control = new WorkshopControl(workshop.Control, workshop.Registry);
            foreach (var fault in new[] { "kill", "pause" })
            {
                await control.UntilArmed(Lenient);
                volumes.UnionWith(await VolumesOfPair(engine));
                var primary = await Server(control, "primary");
                var standby = await Server(control, "standby");
                await workshop.Command(primary, fault, Ct);
                await Eventually.Holds(
                    async () => string.Equals(await Server(control, "primary"), standby, StringComparison.Ordinal),
                    Ct
                );
                await control.UntilArmed(Lenient);
                var failover = (await control.Conductor())!.Value.GetProperty("lastFailover");
                Assert.Empty(failover.GetProperty("lost").EnumerateArray());
            }

            volumes.UnionWith(await VolumesOfPair(engine));
            await workshop.Signal("TERM", Ct);
            Assert.Equal(0, await workshop.WaitForExit(Ct));
        }

        Assert.NotEmpty(volumes);
        Assert.Empty(volumes.Intersect(await Lines(engine, "volume", "ls", "--quiet"), StringComparer.Ordinal));
        await Eventually.Holds(async () => (await ContainersOfPair(engine)).Length == 0, Ct);
    }

    private static Task<string[]> ContainersOfPair(string engine) =>
        Lines(engine, "ps", "--all", "--quiet", "--filter", "name=^postgres-[12]-");

    /// <summary>Also those without a name of ours, which an image asks for.</summary>
    private static async Task<string[]> VolumesOfPair(string engine) =>
        await Lines(
            engine,
            [
                "inspect",
                "--format",
                "{{range .Mounts}}{{if eq .Type \"volume\"}}{{println .Name}}{{end}}{{end}}",
                .. await ContainersOfPair(engine),
            ]
        );

    private static async Task<string[]> Lines(string program, params string[] arguments) =>
        (
            await Run(program, arguments) ?? throw new InvalidOperationException($"{program} {arguments[0]} failed.")
        ).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static async Task<string> Server(WorkshopControl control, string role) =>
        await control.Conductor() is { } conductor
        && conductor.GetProperty(role) is { ValueKind: JsonValueKind.String } name
            ? name.GetString()!
            : "";

    private static async Task<string?> FindEngine()
    {
        foreach (var program in new[] { "podman", "docker" })
        {
            try
            {
                if (await Run(program, "images", "--quiet", Image) is { Length: > 0 })
                {
                    return program;
                }
            }
            catch (Win32Exception)
            {
                // Not installed.
            }
        }

        return null;
    }

    /// <summary>What it wrote; null where it failed.</summary>
    private static async Task<string?> Run(string program, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments)
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var errors = process.StandardError.ReadToEndAsync(Ct);
        var output = await process.StandardOutput.ReadToEndAsync(Ct);
        await errors;
        await process.WaitForExitAsync(Ct);
        return process.ExitCode == 0 ? output.Trim() : null;
    }
}
