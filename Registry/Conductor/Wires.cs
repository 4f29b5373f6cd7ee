using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Npgsql;
using Workshop.ServiceDefaults.Loops;
using Workshop.ServiceDefaults.Sockets;

namespace Registry.Conductor;

/// <summary>
/// The wires that an experiment may delay, cut or break: from the conductor to each database server, and from the standby to its
/// primary. A proxy stands in a wire only while an experiment asks for it, and for <see cref="Longest"/> at most.
/// </summary>
/// <param name="options">Where the servers are.</param>
/// <param name="time">The clock of delays, and of how long a proxy stands.</param>
/// <param name="background">Takes out what was forgotten.</param>
/// <param name="journal">Hears of what was put in and taken out.</param>
internal sealed class Wires(ConductorOptions options, TimeProvider time, Background background, Journal journal)
    : IAsyncDisposable
{
    /// <summary>From the standby to its primary.</summary>
    public const string Replication = "replication";

    /// <summary>Longest delay of an experiment.</summary>
    public const int MaxMilliseconds = 10_000;

    /// <summary>How long a proxy stands in a wire after the last word of its experiment.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    private const string Setting = "primary_conninfo";

    private readonly ConcurrentDictionary<string, Experiment> standing = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim turn = new(1);

    /// <summary>All wires by name.</summary>
    public IEnumerable<string> Names =>
        options.Servers.Count > 1 ? [.. options.Servers.Keys, Replication] : options.Servers.Keys;

    /// <summary>The wires in which a proxy stands.</summary>
    public IEnumerable<WireView> Standing =>
        standing
            .OrderBy(one => one.Key, StringComparer.Ordinal)
            .Select(one => new WireView(one.Key, one.Value.Wire.IsCut, (int)one.Value.Wire.Delay.TotalMilliseconds));

    /// <summary>Where the conductor reaches a server, on 127.0.0.1; null for straight there.</summary>
    /// <param name="server">The server's name.</param>
    public int? PortTo(string server) => standing.TryGetValue(server, out var one) ? one.Wire.Port : null;

    /// <summary>Has a proxy stand in a wire, and behave.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="request">How.</param>
    /// <param name="pair">The standby and its primary, where there are both.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>Null, or why it cannot be.</returns>
    public async Task<string?> Put(
        string name,
        WireRequest request,
        (DatabaseServer Standby, DatabaseServer Primary)? pair,
        CancellationToken ct
    )
    {
        await turn.WaitAsync(ct);
        try
        {
            if (!standing.TryGetValue(name, out var one))
            {
                (one, var why) =
                    name is Replication ? await BetweenServersThatAnswer(pair, ct) : (ToServer(name), null);
                if (one is null)
                {
                    return why;
                }

                standing[name] = one;
                one.LastWord = time.GetTimestamp();
                journal.Note("A proxy stands in a wire", name);
                background.Once($"the proxy in the wire {name}", () => TakeOutWhenForgotten(name, one));
            }

            // It stands before the standby is told, and stays where that did not answer: it may have heard it all the same.
            if (!one.IsLed && await one.Lead(ct) is { } unled)
            {
                return unled;
            }

            one.IsLed = true;

            one.LastWord = time.GetTimestamp();
            one.Wire.Delay = TimeSpan.FromMilliseconds(request.Milliseconds);
            one.Wire.IsCut = request.Cut;
            if (request.Break)
            {
                one.Wire.Break();
            }

            journal.Note("A wire", Words(name, request));
            return null;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Takes the proxy out of a wire, if one stands there.</summary>
    /// <param name="name">The wire.</param>
    /// <param name="ct">Ends the wait.</param>
    public async Task TakeOut(string name, CancellationToken ct)
    {
        await turn.WaitAsync(ct);
        try
        {
            if (standing.TryRemove(name, out var one))
            {
                // Whoever asked may hang up: it is in no list any more, so it is ended here or never.
                await one.GoStraight(CancellationToken.None);
                await one.Wire.DisposeAsync();
                journal.Note("A proxy is out of a wire", name);
            }
        }
        finally
        {
            turn.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var name in standing.Keys)
        {
            await TakeOut(name, CancellationToken.None);
        }

        turn.Dispose();
    }

    private Experiment ToServer(string name) =>
        new(NewWire(Address(options.Servers[name])), _ => Task.FromResult<string?>(null), _ => Task.CompletedTask);

    private async Task<(Experiment?, string? Why)> BetweenServersThatAnswer(
        (DatabaseServer Standby, DatabaseServer Primary)? pair,
        CancellationToken ct
    )
    {
        try
        {
            return await BetweenServers(pair, ct);
        }
        catch (Exception error) when (error is NpgsqlException or TimeoutException)
        {
            return (null, NoAnswer(error));
        }
    }

    /// <summary>The standby connects to its primary through the proxy.</summary>
    private async Task<(Experiment?, string? Why)> BetweenServers(
        (DatabaseServer Standby, DatabaseServer Primary)? pair,
        CancellationToken ct
    )
    {
        if (pair is not var (standby, primary))
        {
            return (null, "There is no standby that answers, so there is no wire to it.");
        }

        var straight = await standby.Read(Setting, ct);
        if (
            !straight.Contains("127.0.0.1", StringComparison.Ordinal)
            && !straight.Contains("localhost", StringComparison.Ordinal)
        )
        {
            return (
                null,
                "The standby does not reach its primary over this machine's loopback, so no proxy can stand there."
            );
        }

        var wire = NewWire(Address(options.Servers[primary.Name]));
        // Of two values the last one counts.
        var detour = string.Create(CultureInfo.InvariantCulture, $"{straight} host=127.0.0.1 port={wire.Port}");
        return (new(wire, Lead, GoStraight), null);

        async Task<string?> Lead(CancellationToken stop)
        {
            try
            {
                await standby.SetAndReload(Setting, detour, stop);
                return null;
            }
            catch (Exception error) when (error is NpgsqlException or TimeoutException)
            {
                return NoAnswer(error);
            }
        }

        async Task GoStraight(CancellationToken stop)
        {
            try
            {
                // A standby that was promoted or copied meanwhile has another primary.
                if (string.Equals(await standby.Read(Setting, stop), detour, StringComparison.Ordinal))
                {
                    await standby.SetAndReload(Setting, straight, stop);
                }
            }
            catch (Exception error) when (error is NpgsqlException or TimeoutException)
            {
                // Whoever is down is told where its primary is when it comes back.
                journal.Note("The wire between the servers", error.Message);
            }
        }
    }

    private static string NoAnswer(Exception error) =>
        $"The standby does not answer, so it cannot be led through a proxy: {error.Message}";

    private FaultyWire NewWire(DnsEndPoint target) => new(target, time, background);

    private static DnsEndPoint Address(string connectionString)
    {
        var text = new NpgsqlConnectionStringBuilder(connectionString);
        return new(text.Host!, text.Port);
    }

    private async Task TakeOutWhenForgotten(string name, Experiment one)
    {
        while (time.GetElapsedTime(one.LastWord) is var quiet && quiet < Longest)
        {
            await Task.Delay(Longest - quiet, time);
        }

        if (standing.TryGetValue(name, out var now) && now == one)
        {
            await TakeOut(name, CancellationToken.None);
        }
    }

    private static string Words(string name, WireRequest request) =>
        request switch
        {
            { Cut: true } => $"{name} is cut",
            { Break: true } => $"{name}: all connections are broken",
            { Milliseconds: > 0 and var delay } => string.Create(
                CultureInfo.InvariantCulture,
                $"{name} takes {delay} ms longer"
            ),
            _ => $"{name} passes everything on",
        };

    private sealed class Experiment(
        FaultyWire wire,
        Func<CancellationToken, Task<string?>> lead,
        Func<CancellationToken, Task> goStraight
    )
    {
        public FaultyWire Wire { get; } = wire;

        /// <summary>Leads the wire through the proxy; says why not where that fails.</summary>
        public Func<CancellationToken, Task<string?>> Lead { get; } = lead;

        /// <summary>Whether the wire is known to be led through it.</summary>
        public bool IsLed { get; set; }

        public Func<CancellationToken, Task> GoStraight { get; } = goStraight;

        public long LastWord { get; set; }
    }
}

/// <summary>
/// The body of <c>PUT /conductor/wires/{name}</c>: how the proxy in the wire behaves; by default it passes everything on.
/// </summary>
/// <param name="Cut">Nothing passes, and nobody is told.</param>
/// <param name="Milliseconds">How much longer each direction takes, 0 to <see cref="Wires.MaxMilliseconds"/>.</param>
/// <param name="Break">All connections are reset, once.</param>
internal sealed record WireRequest(bool Cut = false, int Milliseconds = 0, bool Break = false);

/// <summary>A wire in which a proxy stands.</summary>
/// <param name="Name">A server's name, for the conductor's wire to it; or <see cref="Wires.Replication"/>.</param>
/// <param name="Cut">Whether nothing passes.</param>
/// <param name="Milliseconds">How much longer everything takes.</param>
internal sealed record WireView(string Name, bool Cut, int Milliseconds);
