using System.Net;
using System.Net.Sockets;

namespace LaboratoryBench.Processes;

/// <summary>
/// Ports for servers under test. They lie below the range from which the kernel takes clients' ports, and each process
/// starts looking elsewhere, so that a port that was free stays free until the server binds it.
/// </summary>
public static class FreePorts
{
    private const int First = 20_000;

    private const int Count = 12_000;

    private static int next = Environment.ProcessId * 97;

    /// <summary>A port that was free on loopback a moment ago and that no other caller of this process gets.</summary>
    public static int Next() => Next(run: 1);

    /// <summary>The first of <paramref name="run"/> consecutive free ports.</summary>
    public static int Next(int run)
    {
        for (var attempt = 0; attempt < Count; attempt++)
        {
            var start = First + ((Interlocked.Add(ref next, run) & int.MaxValue) % (Count - run));
            if (Enumerable.Range(start, run).All(IsFree))
            {
                return start;
            }
        }

        throw new InvalidOperationException($"no {run} consecutive free ports in {First}..{First + Count}");
    }

    /// <summary>Whether a server could bind <paramref name="port"/> on loopback, in both families.</summary>
    public static bool IsFree(int port) => CanBind(IPAddress.Loopback, port) && CanBind(IPAddress.IPv6Loopback, port);

    private static bool CanBind(IPAddress address, int port)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressNotAvailable)
        {
            return true; // A machine without IPv6.
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
