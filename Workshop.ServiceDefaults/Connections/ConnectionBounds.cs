using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Workshop.ServiceDefaults.Connections;

/// <summary>
/// Connections that a service holds at once: below what the process may open, so that no crowd ends it, and from one address
/// of the network no more than a class needs. Who reads too slowly is let go.
/// </summary>
internal static class ConnectionBounds
{
    private const int Most = 4096;

    /// <summary>
    /// Of one address; on loopback the storefront and a whole classroom are one address, which has no such bound.
    /// </summary>
    private const int MostOfOneAddress = 256;

    /// <summary>Files that a process needs beside its clients: libraries, data, connections to others.</summary>
    private const int Reserve = 512;

    /// <summary>
    /// Below it whoever reads an answer is not reading it: a whole ledger takes minutes at this rate, not days.
    /// </summary>
    private const double LeastBytesPerSecond = 4096;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private const string LimitsOfThisProcess = "/proc/self/limits";

    internal static void AddConnectionBounds(this IHostApplicationBuilder builder)
    {
        builder
            .Services.AddOptions<KestrelServerOptions>()
            .Configure<ILoggerFactory>(
                (options, logs) =>
                {
                    var files = OpenFiles();
                    var connections = Math.Clamp(files - Reserve, 64, Most);
                    if (connections < Most)
                    {
                        LogMessages.FewFiles(logs.CreateLogger(typeof(ConnectionBounds)), files, connections);
                    }

                    options.Limits.MaxConcurrentConnections = connections;
                    options.Limits.MinResponseDataRate = new(LeastBytesPerSecond, Grace);
                    var byAddress = new ConcurrentDictionary<IPAddress, int>();
                    options.ConfigureEndpointDefaults(listen =>
                        listen.Use(next => connection => Serve(connection, next, byAddress))
                    );
                }
            );
    }

    /// <summary>Serves a connection unless its address has too many; the others go on.</summary>
    private static async Task Serve(
        ConnectionContext connection,
        ConnectionDelegate next,
        ConcurrentDictionary<IPAddress, int> byAddress
    )
    {
        if (connection.RemoteEndPoint is not IPEndPoint { Address: var address } || ClientAddress.IsLoopback(address))
        {
            await next(connection);
            return;
        }

        try
        {
            if (byAddress.AddOrUpdate(address, 1, (_, before) => before + 1) > MostOfOneAddress)
            {
                connection.Abort(new("Too many connections of one address."));
                return;
            }

            await next(connection);
        }
        finally
        {
            if (byAddress.AddOrUpdate(address, 0, (_, before) => before - 1) == 0)
            {
                byAddress.TryRemove(new(address, 0));
            }
        }
    }

    /// <summary>How many files this process may open; the runtime raises it to the hard limit at its start.</summary>
    private static long OpenFiles()
    {
        const string name = "Max open files";
        if (!File.Exists(LimitsOfThisProcess))
        {
            return long.MaxValue;
        }

        var line = File.ReadLines(LimitsOfThisProcess)
            .FirstOrDefault(one => one.StartsWith(name, StringComparison.Ordinal));
        var soft = line?[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
        return long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var files)
            ? files
            : long.MaxValue;
    }
}
