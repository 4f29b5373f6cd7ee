using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Workshop.AppHost.Hosting;

/// <summary>Looks whether ports are free before anything is started.</summary>
internal static class Ports
{
    private static readonly string[] SocketTables = ["/proc/net/tcp", "/proc/net/tcp6"];

    /// <summary>
    /// What a workshop that was killed had started has ended by then: the orchestrator takes up to 10 s.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>Checks every port.</summary>
    /// <param name="needs">Who needs which port.</param>
    /// <param name="mayWait">Whether an earlier run was killed, whose processes may still be ending.</param>
    /// <param name="ct">Gives up the wait.</param>
    /// <exception cref="HostException">
    /// Some are taken; the message names each with who needs it and, where it can be seen, who has it.
    /// </exception>
    internal static async Task RequireFree(
        IReadOnlyList<(string Name, int Port)> needs,
        bool mayWait,
        CancellationToken ct
    )
    {
        if (mayWait && needs.Any(need => !IsFree(need.Port)))
        {
            Console.WriteLine("The workshop before this one was killed; waiting until what it started has ended.");
            await UntilFree(needs, ct);
        }

        var taken = needs.Where(need => !IsFree(need.Port)).Select(Describe).ToArray();
        if (taken.Length > 0)
        {
            throw new HostException(
                $"{string.Join('\n', taken)}\nStop what uses it, or start the workshop with --port-offset N (all ports move by N)."
            );
        }
    }

    /// <summary>Returns when all are free, or have not become so within 15 s.</summary>
    internal static async Task UntilFree(IReadOnlyList<(string Name, int Port)> needs, CancellationToken ct)
    {
        var began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < Patience && needs.Any(need => !IsFree(need.Port)))
        {
            await Task.Delay(PollInterval, ct);
        }
    }

    /// <summary>
    /// Finds the socket that listens on <paramref name="port"/> in the lines of <c>/proc/net/tcp</c>.
    /// </summary>
    /// <returns>The socket's inode, or null.</returns>
    internal static string? FindListener(IEnumerable<string> lines, int port)
    {
        const string listening = "0A";
        var suffix = string.Create(CultureInfo.InvariantCulture, $":{port:X4}");
        return lines
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields =>
                fields.Length > 9
                && fields[1].EndsWith(suffix, StringComparison.Ordinal)
                && string.Equals(fields[3], listening, StringComparison.Ordinal)
            )
            .Select(fields => fields[9])
            .FirstOrDefault();
    }

    private static string Describe((string Name, int Port) need) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"Port {need.Port}, which {need.Name} needs, is taken{OwnerOf(need.Port)}."
        );

    private static string OwnerOf(int port)
    {
        var lines = SocketTables.Where(File.Exists).SelectMany(File.ReadLines);
        if (FindListener(lines, port) is not { } inode)
        {
            return "";
        }

        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (char.IsAsciiDigit(Path.GetFileName(folder)[0]) && Holds(folder, $"socket:[{inode}]"))
            {
                return $" by process {Path.GetFileName(folder)} ({File.ReadAllText(Path.Combine(folder, "comm")).Trim()})";
            }
        }

        return "";
    }

    private static bool Holds(string processFolder, string socket)
    {
        try
        {
            return new DirectoryInfo(Path.Combine(processFolder, "fd"))
                .EnumerateFiles()
                .Any(file => string.Equals(file.LinkTarget, socket, StringComparison.Ordinal));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // Another user's process, or one that has just ended.
        }
    }

    private static bool IsFree(int port) => CanBind(IPAddress.Loopback, port) && CanBind(IPAddress.IPv6Loopback, port);

    private static bool CanBind(IPAddress address, int port)
    {
        if (address.AddressFamily is AddressFamily.InterNetworkV6 && !Socket.OSSupportsIPv6)
        {
            return true;
        }

        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // As servers do: connections of the last run that linger in TIME_WAIT do not matter.
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen(1);
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressNotAvailable)
        {
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
