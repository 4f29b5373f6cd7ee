using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace LaboratoryBench.Processes;

/// <summary>
/// Another machine: a network namespace with a wire of its own to this one. It is made and taken down by who needs it, as root.
/// </summary>
public sealed class NetworkNamespace : IDisposable
{
    private const string Tool = "ip";

    /// <summary>A number is part of an address.</summary>
    private const int MostNumbers = 200;

    private static int numbered = Environment.ProcessId;

    private readonly string name;
    private readonly string wire;

    private NetworkNamespace(int number)
    {
        name = string.Create(CultureInfo.InvariantCulture, $"workshop-{number}");
        wire = string.Create(CultureInfo.InvariantCulture, $"wk{number}");
        Here = new([10, 77, (byte)number, 1]);
        There = new([10, 77, (byte)number, 2]);
        Network = new(new([10, 77, (byte)number, 0]), 24);
    }

    /// <summary>Why there can be none; null where there can.</summary>
    public static string? Lack =>
        !OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess ? "Network namespaces need root on Linux."
        : !File.Exists("/usr/sbin/ip") && !File.Exists("/sbin/ip") ? "The program ip (iproute2) is not here."
        : null;

    /// <summary>This machine's address on the wire.</summary>
    public IPAddress Here { get; }

    /// <summary>The other's.</summary>
    public IPAddress There { get; }

    /// <summary>What both are in.</summary>
    public IPNetwork Network { get; }

    /// <summary>Makes one.</summary>
    public static NetworkNamespace Make()
    {
        var made = Next();
        try
        {
            Ip($"link add {made.wire}a type veth peer name {made.wire}b");
            Ip($"link set {made.wire}b netns {made.name}");
            Ip($"addr add {made.Here}/24 dev {made.wire}a");
            Ip($"link set {made.wire}a up");
            made.Inside($"addr add {made.There}/24 dev {made.wire}b");
            made.Inside($"link set {made.wire}b up");
            made.Inside("link set lo up");
            return made;
        }
        catch
        {
            made.Dispose();
            throw;
        }
    }

    /// <summary>One whose name nobody has: another run's must not be taken, nor taken away.</summary>
    private static NetworkNamespace Next()
    {
        for (var left = MostNumbers; ; left--)
        {
            var next = new NetworkNamespace((Interlocked.Increment(ref numbered) % MostNumbers) + 20);
            try
            {
                Ip($"netns add {next.name}");
                return next;
            }
            catch (InvalidOperationException) when (left > 1)
            {
                // Somebody else's.
            }
        }
    }

    /// <summary>Cuts the wire, or mends it.</summary>
    public void Connect(bool isConnected) => Ip($"link set {wire}a {(isConnected ? "up" : "down")}");

    /// <summary>Starts a program there.</summary>
    public Process Start(string program, string folder, params string[] arguments) =>
        Process.Start(
            new ProcessStartInfo(Tool, ["netns", "exec", name, program, .. arguments])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = folder,
            }
        )!;

    /// <summary>Starts a program there, with its environment.</summary>
    public Process Start(ProcessStartInfo start)
    {
        ArgumentNullException.ThrowIfNull(start);
        foreach (var word in (string[])[start.FileName, name, "exec", "netns"])
        {
            start.ArgumentList.Insert(0, word);
        }

        start.FileName = Tool;
        return Process.Start(start)!;
    }

    /// <summary>Runs <c>curl</c> there.</summary>
    /// <returns>Its exit code, and what it wrote.</returns>
    public async Task<(int ExitCode, string Output)> Curl(CancellationToken ct, params string[] arguments)
    {
        using var curl = Start("curl", "/", ["--silent", "--max-time", "30", .. arguments]);
        var output = await curl.StandardOutput.ReadToEndAsync(ct);
        await curl.WaitForExitAsync(ct);
        return (curl.ExitCode, output);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // The wire goes with either of its ends.
        Run($"link del {wire}a");
        Run($"netns del {name}");
    }

    private static void Ip(string words)
    {
        var (exitCode, errors) = Run(words);
        if (exitCode != 0)
        {
            throw new InvalidOperationException($"ip {words}: {errors}");
        }
    }

    private void Inside(string words) => Ip($"-n {name} {words}");

    private static (int ExitCode, string Errors) Run(string words)
    {
        using var ip = Process.Start(
            new ProcessStartInfo(Tool, words) { UseShellExecute = false, RedirectStandardError = true }
        )!;
        var errors = ip.StandardError.ReadToEnd();
        ip.WaitForExit();
        return (ip.ExitCode, errors);
    }
}
