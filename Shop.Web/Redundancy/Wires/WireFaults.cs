using System.Collections.Concurrent;
using System.Net;
using Shop.Web.Api;
using Shop.Web.Redundancy.Crowds;
using Shop.Web.Storefront;

namespace Shop.Web.Redundancy.Wires;

/// <summary>
/// Faults of the network, made by a proxy in one wire: the buyers' to the shop's servers, and those of the database
/// pair, which the conductor has.
/// </summary>
/// <param name="crowd">Has the buyers'.</param>
/// <param name="services">Makes the clients of each fault.</param>
public sealed class WireFaults(ICrowd crowd, IServiceScopeFactory services)
{
    /// <summary>Nothing passes, and nobody is told.</summary>
    public const string Cut = "cut";

    /// <summary>Everything takes <see cref="SlowMilliseconds"/> longer.</summary>
    public const string Slow = "slow";

    /// <summary>All connections are reset, once.</summary>
    public const string Break = "break";

    /// <summary>Everything passes as before.</summary>
    public const string Mend = "mend";

    /// <summary>How much longer everything takes in each direction.</summary>
    public const int SlowMilliseconds = 300;

    private const string OfBuyers = "buyers–";
    private const string OfConductor = "conductor–";
    private const string OfPair = "primary–standby";

    /// <summary>Where each proxy of the buyers is: a server that is away is known to nobody else.</summary>
    private readonly ConcurrentDictionary<string, DnsEndPoint> put = new(StringComparer.Ordinal);

    /// <summary>Whether a command is for a wire.</summary>
    /// <param name="command">The command.</param>
    public static bool IsCommand(string command) => command is Cut or Slow or Break or Mend;

    /// <summary>The wire that a planned fault hits just now; null where there is none.</summary>
    /// <param name="fault">With a target that is a wire.</param>
    /// <param name="situation">Who is what.</param>
    public static string? Resolve(PlannedFault fault, Situation situation)
    {
        ArgumentNullException.ThrowIfNull(fault);
        ArgumentNullException.ThrowIfNull(situation);
        return fault.Target switch
        {
            PlannedFault.ConductorWire => PartOf("primary") is { } primary ? OfConductor + primary : null,
            PlannedFault.PairWire => PartOf("standby") is null ? null : OfPair,
            { } server => OfBuyers + server,
            null => null,
        };

        string? PartOf(string role) =>
            situation.Parts.FirstOrDefault(part => string.Equals(part.Role, role, StringComparison.Ordinal))?.Name;
    }

    /// <summary>Makes a fault, or mends it; a proxy that is not yet in the wire is put there.</summary>
    /// <param name="command">One of this class's.</param>
    /// <param name="wire">As <see cref="Resolve"/> names it.</param>
    /// <returns>Null, or why it could not be.</returns>
    public async Task<ApiProblem?> Make(string command, string wire)
    {
        ArgumentNullException.ThrowIfNull(wire);
        await using var scope = services.CreateAsyncScope();
        var registry = scope.ServiceProvider.GetRequiredService<RegistryClient>();
        var behaviour = new WireRequest(command is Cut, command is Slow ? SlowMilliseconds : 0, command is Break);
        if (Server(wire) is not { } server)
        {
            return (await registry.PutWire(Name(wire), behaviour, CancellationToken.None)).Problem;
        }

        if ((put.GetValueOrDefault(wire) ?? await AddressOf(registry, server)) is not { } address)
        {
            return new(StatusCodes.Status404NotFound, $"The registry knows no address of {server}.");
        }

        put[wire] = address;
        return await crowd.PutWire(address, behaviour);
    }

    /// <summary>Takes the proxy out of a wire.</summary>
    /// <param name="wire">As <see cref="Resolve"/> names it.</param>
    public async Task TakeOut(string wire)
    {
        ArgumentNullException.ThrowIfNull(wire);
        if (Server(wire) is null)
        {
            await using var scope = services.CreateAsyncScope();
            var registry = scope.ServiceProvider.GetRequiredService<RegistryClient>();
            await registry.TakeOutWire(Name(wire), CancellationToken.None);
        }
        else if (put.TryRemove(wire, out var address))
        {
            await crowd.TakeOutWire(address);
        }
    }

    private static string? Server(string wire) =>
        wire.StartsWith(OfBuyers, StringComparison.Ordinal) ? wire[OfBuyers.Length..] : null;

    /// <summary>The conductor's own name of a wire.</summary>
    private static string Name(string wire) => wire is OfPair ? "replication" : wire[OfConductor.Length..];

    private static async Task<DnsEndPoint?> AddressOf(RegistryClient registry, string server)
    {
        var known = (await registry.Service(StorefrontDefaults.ShopApi, CancellationToken.None)).Value?.Instances;
        var address = known?.FirstOrDefault(one => string.Equals(one.Instance, server, StringComparison.Ordinal));
        return BuyerWires.Read(address?.Address);
    }
}

/// <summary>How the proxy in a wire behaves.</summary>
/// <param name="Cut">Nothing passes.</param>
/// <param name="Milliseconds">How much longer everything takes.</param>
/// <param name="Break">All connections are reset, once.</param>
public sealed record WireRequest(bool Cut, int Milliseconds, bool Break);
