using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Workshop.ServiceDefaults.Connections;
using Workshop.ServiceDefaults.Tokens;

namespace Predictors.Membership;

/// <summary>
/// <c>--join http://host:4000 --token T [--model M] [--name N] [--port P] [--address URL]</c>: a predictor that joins a
/// workshop on another machine. It listens on the address of this machine that leads there.
/// </summary>
internal static class JoinArguments
{
    internal const string Usage = """
        Usage: dotnet run --project Predictors -- --join http://HOST:4000 --token JOIN_TOKEN [options]

          --model NAME      the learner (forest); linear, fasttree, lightgbm, forest, neighbours or bayes
          --name NAME       what the member is called (the model and this machine's name)
          --port N          where it listens (the first free one from 4001)
          --address URL     where the workshop reaches it, if not there: a tunnel's address, for example
        """;

    private const string Join = "--join";

    private const int FirstPort = 4001;

    private const int LastPort = 4100;

    private static readonly string[] Options = [Join, "--token", "--model", "--name", "--port", "--address"];

    /// <summary>Reads the command line.</summary>
    /// <param name="args">What follows the program's name.</param>
    /// <param name="contentRoot">Below it each member keeps what outlives the process.</param>
    /// <param name="settings">The configuration that follows; empty where it does not say <c>--join</c>.</param>
    /// <returns>What is wrong, for the person who starts the program; null when all is well.</returns>
    internal static string? Read(
        IReadOnlyList<string> args,
        string contentRoot,
        out IReadOnlyDictionary<string, string?> settings
    )
    {
        settings = new Dictionary<string, string?>(StringComparer.Ordinal);
        if (!args.Contains(Join, StringComparer.Ordinal))
        {
            return null;
        }

        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < args.Count; i += 2)
        {
            if (!Options.Contains(args[i], StringComparer.Ordinal))
            {
                return Misuse($"{args[i]} is not known.");
            }

            if (i + 1 == args.Count || args[i + 1].Length == 0 || !given.TryAdd(args[i], args[i + 1]))
            {
                return Misuse($"{args[i]} wants one value.");
            }
        }

        try
        {
            settings = Settings(given, contentRoot);
            return null;
        }
        catch (FormatException mistake)
        {
            return Misuse(mistake.Message);
        }
    }

    private static Dictionary<string, string?> Settings(Dictionary<string, string> given, string contentRoot)
    {
        if (
            !Uri.TryCreate(given[Join], UriKind.Absolute, out var consensus)
            || consensus.Scheme is not ("http" or "https")
        )
        {
            throw new FormatException($"{Join} {given[Join]}: it is an address such as http://192.168.1.20:4000.");
        }

        if (!given.TryGetValue("--token", out var token))
        {
            throw new FormatException("--token is missing: whoever runs the workshop can tell the join token.");
        }

        var model = given.GetValueOrDefault("--model", "forest");
        var name = given.GetValueOrDefault("--name", $"{model}-{Environment.MachineName.ToLowerInvariant()}");
        var own = AddressTowards(consensus);
        var port = given.TryGetValue("--port", out var text) ? Port(text) : FreePort(own);
        var here = new UriBuilder("http", IPAddress.IsLoopback(own) ? "localhost" : $"{own}", port).Uri;
        var reached = given.TryGetValue("--address", out var address) ? Address(address) : here;
        var listens = IPAddress.IsLoopback(own)
            ? $"http://localhost:{port}"
            : $"http://localhost:{port};{here.GetLeftPart(UriPartial.Authority)}";
        return new(StringComparer.Ordinal)
        {
            ["services:consensus:http:0"] = consensus.AbsoluteUri,
            [AccessTokens.JoinKey] = token,
            [$"{PredictorOptions.Section}:{nameof(PredictorOptions.Model)}"] = model,
            ["OTEL_SERVICE_NAME"] = name,
            ["Workshop:DataDirectory"] = Path.Combine(contentRoot, ".workshop", FolderOf(name, consensus)),
            ["Workshop:Address"] = reached.AbsoluteUri.TrimEnd('/'),
            ["Workshop:Origins:Hosts:0"] = here.Host,
            ["Workshop:Origins:Hosts:1"] = reached.Host,
            ["URLS"] = listens,
        };
    }

    /// <summary>One folder for each workshop: a member token, and a copy of a ledger, belong to one of them.</summary>
    private static string FolderOf(string name, Uri consensus)
    {
        var address = consensus.Authority.Select(letter =>
            char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' ? letter : '_'
        );
        return $"{name}@{string.Concat(address)}";
    }

    /// <summary>The address of this machine that packets to a host leave from; none is sent.</summary>
    private static IPAddress AddressTowards(Uri host)
    {
        try
        {
            using var socket = new UdpClient();
            socket.Connect(host.DnsSafeHost, host.Port);
            return ClientAddress.Plain(((IPEndPoint)socket.Client.LocalEndPoint!).Address);
        }
        catch (SocketException failure)
        {
            throw new FormatException(
                $"{Join} {host}: there is no way to {host.DnsSafeHost} ({failure.Message}).",
                failure
            );
        }
    }

    private static int FreePort(IPAddress address)
    {
        for (var port = FirstPort; port <= LastPort; port++)
        {
            if (IsFree(address, port) && IsFree(IPAddress.Loopback, port))
            {
                return port;
            }
        }

        throw new FormatException($"No port from {FirstPort} to {LastPort} is free; --port names another.");
    }

    private static bool IsFree(IPAddress address, int port)
    {
        try
        {
            using var listener = new TcpListener(address, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int Port(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65_535
            ? port
            : throw new FormatException($"--port {text}: it is a number from 1 to 65535.");

    private static Uri Address(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address
            : throw new FormatException($"--address {text}: it is an address such as https://name.ngrok.app.");

    private static string Misuse(string message) => $"{message}\n\n{Usage}";
}
