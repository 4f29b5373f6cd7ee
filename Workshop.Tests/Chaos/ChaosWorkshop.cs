using System.Diagnostics;
using System.Globalization;
using System.Text;
using Workshop.Tests.Fixtures;

namespace Workshop.Tests.Chaos;

/// <summary>
/// A workshop of its own as real processes: the host, on free ports, with nothing kept. The shop alone runs.
/// </summary>
internal sealed class ChaosWorkshop : IAsyncDisposable
{
    private const int RegistryPort = 3000;
    private const int InspectionPort = 18888;
    private const int FirstOffset = 1000;
    private const int Offsets = 8000;

    /// <summary>The first start of a machine fetches PostgreSQL.</summary>
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Of no use to buyers: they leave the machine to the shop.</summary>
    private static readonly string[] Bystanders = ["consensus", "shop-web", "predictor-"];

    private readonly Process process;
    private readonly StringBuilder output = new();

    private ChaosWorkshop(Process process, int offset)
    {
        this.process = process;
        Control = new(Local(InspectionPort + offset), Local(RegistryPort + offset));
    }

    /// <summary>Commands and facts.</summary>
    public WorkshopControl Control { get; }

    /// <summary>Starts it and waits until the shop is ready.</summary>
    /// <param name="mode">The storage mode.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>The running workshop; dispose of it to stop it.</returns>
    public static async Task<ChaosWorkshop> Start(string mode, CancellationToken ct)
    {
        var offset = FreeOffset();
        var start = new ProcessStartInfo("dotnet")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList =
            {
                HostAssembly(),
                "--storage",
                mode,
                "--port-offset",
                offset.ToString(CultureInfo.InvariantCulture),
                "--ephemeral",
            },
        };
        var workshop = new ChaosWorkshop(new() { StartInfo = start }, offset);
        try
        {
            await workshop.Begin(ct);
            return workshop;
        }
        catch
        {
            await workshop.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Control.Dispose();
        if (!process.HasExited)
        {
            // As Ctrl+C: the host ends its children.
            using var interrupt = Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]);
            using var limit = new CancellationTokenSource(StopLimit);
            await process.WaitForExitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }

        process.Dispose();
    }

    private async Task Begin(CancellationToken ct)
    {
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var started = Stopwatch.StartNew();
        while (!await IsReady())
        {
            if (process.HasExited || started.Elapsed > StartLimit)
            {
                throw new InvalidOperationException($"The workshop did not start:\n{Tail()}");
            }

            await Task.Delay(Pause, ct);
        }

        foreach (var (name, state) in await Control.States())
        {
            if (
                state is "Running"
                && Array.Exists(Bystanders, start => name.StartsWith(start, StringComparison.Ordinal))
            )
            {
                await Control.Command(name, "stop");
            }
        }
    }

    /// <summary>Both servers of the shop answer for their database.</summary>
    private async Task<bool> IsReady()
    {
        try
        {
            var states = await Control.States();
            return states
                    .Where(entry => entry.Key.StartsWith("shop-api", StringComparison.Ordinal))
                    .All(entry => entry.Value is "Running")
                && await Control.IsHealthy("shop-api-1")
                && await Control.IsHealthy("shop-api-2");
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private void Keep(string? line)
    {
        lock (output)
        {
            output.AppendLine(line);
        }
    }

    private string Tail()
    {
        lock (output)
        {
            return output.ToString(Math.Max(0, output.Length - 4000), Math.Min(4000, output.Length));
        }
    }

    /// <summary>
    /// In its own output folder, beside that of the tests: there it finds the services that were built with it.
    /// </summary>
    private static string HostAssembly()
    {
        var own = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        return Path.GetFullPath(
            Path.Combine(own, "..", "..", "Workshop.AppHost", Path.GetFileName(own), "Workshop.AppHost.dll")
        );
    }

    private static Uri Local(int port) => new(string.Create(CultureInfo.InvariantCulture, $"http://localhost:{port}"));

    /// <summary>An offset at which the ports of the host, the registry, the shop and the databases are free.</summary>
    private static int FreeOffset()
    {
        int[] ports = [RegistryPort, RegistryPort + 1, RegistryPort + 2, 4000, 4001, 5433, 5434, 8080, InspectionPort];
        for (var attempt = 0; attempt < Offsets / 20; attempt++)
        {
            var offset = FirstOffset + ((Environment.ProcessId * 37) + (attempt * 20)) % Offsets;
            if (ports.All(port => FreePorts.IsFree(port + offset)))
            {
                return offset;
            }
        }

        throw new InvalidOperationException("No port offset is free.");
    }
}
