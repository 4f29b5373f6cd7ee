using System.Collections.Concurrent;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Consensus.Ledger;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Workshop.Ledger.Mechanism;
using Workshop.ServiceDefaults.Connections;
using Workshop.ServiceDefaults.Errors;

namespace Consensus.Members;

/// <summary>Which addresses are in use: two names for one server would be one member with two votes.</summary>
internal sealed class AddressBook(IConfiguration configuration, IServer server, TimeProvider time) : IDisposable
{
    /// <summary>Hosts whose addresses are kept: four times the members that count. More, and all are looked up anew.</summary>
    internal const int MostKnown = 1024;

    private static readonly TimeSpan LookUpLimit = TimeSpan.FromSeconds(2);

    /// <summary>A turn takes as long as a block.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    /// <summary>In a network of laptops an address changes hands.</summary>
    private static readonly TimeSpan BelievedFor = TimeSpan.FromMinutes(1);

    /// <summary>A host that nobody knows is not asked for by every caller in turn.</summary>
    private static readonly TimeSpan NotAskedAgainFor = TimeSpan.FromSeconds(10);

    /// <summary>Addresses of hosts that were looked up.</summary>
    private readonly ConcurrentDictionary<string, (IPAddress[] Addresses, DateTimeOffset Until)> known = new(
        StringComparer.OrdinalIgnoreCase
    );

    private readonly SemaphoreSlim turn = new(1);

    /// <summary>Hosts whose addresses are kept now.</summary>
    internal int Known => known.Count;

    /// <summary>
    /// What is wrong with an address for a member; null where nothing is. Found without asking the address anything.
    /// </summary>
    /// <param name="name">Of the member that is to answer there.</param>
    /// <param name="url">The address.</param>
    /// <param name="state">The other members.</param>
    /// <param name="isFromHere">Whether this machine's own user says so, who may name this machine.</param>
    /// <param name="ct">Ends the look-up.</param>
    internal async Task<ProblemHttpResult?> ProblemOf(
        string name,
        string url,
        State state,
        bool isFromHere,
        CancellationToken ct
    ) =>
        await IsOurs(url, ct) ? Bad("One of the workshop's own services answers there, and is no predictor.")
        : !isFromHere && await IsInternal(url, ct)
            ? Bad("Only a caller on this machine may register an address of this machine or of its links.")
        : await Taken(name, url, state, ct);

    /// <summary>
    /// Writes what takes an address, unless another member has it by now: two that asked before either was written are both
    /// found good. One caller at a time, which waits until its block is there or refused, whoever waits for the caller.
    /// </summary>
    /// <param name="name">Of the member that is to answer there.</param>
    /// <param name="url">The address.</param>
    /// <param name="entry">The block.</param>
    /// <param name="ledger">Takes it.</param>
    /// <param name="ct">Ends the wait for the turn.</param>
    /// <returns>What was written or refused; or the problem, and nothing was written.</returns>
    /// <exception cref="ServiceUnavailableException">The turn did not come within 10 s.</exception>
    internal async Task<(ProblemHttpResult? Problem, Outcome? Outcome)> Take(
        string name,
        string url,
        Entry entry,
        LedgerWriter ledger,
        CancellationToken ct
    )
    {
        if (!await turn.WaitAsync(LongestWait, ct))
        {
            throw new ServiceUnavailableException("The members before this one take too long; ask again.");
        }

        try
        {
            return await Taken(name, url, ledger.Now.State, ct) is { } problem
                ? (problem, null)
                : (null, await ledger.Append(_ => entry, CancellationToken.None));
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();

    private async Task<ProblemHttpResult?> Taken(string name, string url, State state, CancellationToken ct) =>
        await MemberAt(url, name, state, ct) is { } other
            ? Problems.Of(StatusCodes.Status409Conflict, $"The member '{other}' answers at this address already.")
            : null;

    /// <summary>An address that is refused, and why.</summary>
    internal static ProblemHttpResult Bad(string reason) => Problems.Invalid("url", reason);

    /// <summary>
    /// Another member that answers at the same address and port; null where none does. Those that left count not.
    /// </summary>
    private async Task<string?> MemberAt(string url, string name, State state, CancellationToken ct)
    {
        foreach (
            var member in state.Members.Values.Where(member =>
                member.IsAtRisk && !string.Equals(member.Name, name, StringComparison.Ordinal)
            )
        )
        {
            if (await AreSame(url, member.Url, ct))
            {
                return member.Name;
            }
        }

        return null;
    }

    /// <summary>Whether one of our own services answers at an address: it would be asked what it is asked.</summary>
    private async Task<bool> IsOurs(string url, CancellationToken ct)
    {
        var own = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        var services = configuration
            .GetSection("services")
            .GetChildren()
            .SelectMany(service => service.GetChildren())
            .SelectMany(scheme => scheme.GetChildren())
            .Select(endpoint => endpoint.Value);
        foreach (var address in own.Concat(services).OfType<string>())
        {
            if (await AreSame(url, address.Replace("*", "localhost", StringComparison.Ordinal), ct))
            {
                return true;
            }
        }

        return OwnPorts.Contains(new Uri(url).Port)
            && (await Find(new Uri(url).DnsSafeHost, ct)).Any(address =>
                IPAddress.IsLoopback(address) || address.Equals(IPAddress.Any)
            );
    }

    /// <summary>Of what the host started on this machine, but for the predictors: databases, dashboard, and so on.</summary>
    private int[] OwnPorts => configuration.GetSection("Consensus:OwnPorts").Get<int[]>() ?? [];

    /// <summary>Whether an address names this machine, its own links, or the metadata of its host.</summary>
    private async Task<bool> IsInternal(string url, CancellationToken ct) =>
        (await Find(new Uri(url).DnsSafeHost, ct)).Any(InternalAddresses.Contains);

    private async Task<bool> AreSame(string first, string second, CancellationToken ct)
    {
        if (
            !Uri.TryCreate(first, UriKind.Absolute, out var one)
            || !Uri.TryCreate(second, UriKind.Absolute, out var other)
            || one.Port != other.Port
        )
        {
            return false;
        }

        return string.Equals(one.DnsSafeHost, other.DnsSafeHost, StringComparison.OrdinalIgnoreCase)
            || (await Find(one.DnsSafeHost, ct)).Intersect(await Find(other.DnsSafeHost, ct)).Any();
    }

    /// <summary>
    /// All addresses of a host, those of before where nobody can tell now; none where it has none. This machine is one address,
    /// whatever it is called.
    /// </summary>
    private async Task<IPAddress[]> Find(string host, CancellationToken ct)
    {
        if (known.TryGetValue(host, out var before) && time.GetUtcNow() < before.Until)
        {
            return before.Addresses;
        }

        try
        {
            using var limit = new CancellationTokenSource(LookUpLimit, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
            var addresses = await Dns.GetHostAddressesAsync(host, either.Token);
            var own = NetworkInterface
                .GetAllNetworkInterfaces()
                .SelectMany(card => card.GetIPProperties().UnicastAddresses)
                .Select(entry => entry.Address)
                .ToHashSet();
            var found = addresses
                .Select(ClientAddress.Plain)
                .Select(address =>
                    own.Contains(address) || IPAddress.IsLoopback(address) ? IPAddress.Loopback : address
                )
                .Distinct();
            return Keep(host, [.. found], BelievedFor);
        }
        catch (Exception failure)
            when (failure is SocketException or ArgumentException
                || (failure is OperationCanceledException && !ct.IsCancellationRequested)
            )
        {
            return Keep(host, before.Addresses ?? [], NotAskedAgainFor);
        }
    }

    private IPAddress[] Keep(string host, IPAddress[] addresses, TimeSpan howLong)
    {
        if (known.Count >= MostKnown)
        {
            known.Clear();
        }

        known[host] = (addresses, time.GetUtcNow() + howLong);
        return addresses;
    }
}
