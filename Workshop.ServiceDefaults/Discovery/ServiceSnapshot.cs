namespace Workshop.ServiceDefaults.Discovery;

/// <summary>A service as the registry shows it. Members that nobody here reads are left out.</summary>
/// <param name="Service">The service's name.</param>
/// <param name="Index">The number of its last change.</param>
/// <param name="Instances">Its instances.</param>
public sealed record ServiceSnapshot(string Service, long Index, IReadOnlyList<ServiceInstance> Instances)
{
    /// <summary>
    /// Where requests may go: the live instances; when none is live the suspect ones.
    /// </summary>
    /// <returns>Addresses as <c>host:port</c>; empty when none is alive.</returns>
    public IReadOnlyList<string> RoutableAddresses() =>
        AddressesIn("live") is { Count: > 0 } live ? live : AddressesIn("suspect");

    private List<string> AddressesIn(string state) =>
        [
            .. Instances
                .Where(instance => string.Equals(instance.State, state, StringComparison.Ordinal))
                .Select(instance => instance.Address),
        ];
}

/// <summary>One instance.</summary>
/// <param name="Instance">Its name.</param>
/// <param name="Address"><c>host:port</c>.</param>
/// <param name="State"><c>live</c>, <c>suspect</c>, <c>dead</c> or <c>draining</c>.</param>
/// <param name="Metadata">For the database pair: <c>role</c> and <c>term</c>.</param>
public sealed record ServiceInstance(
    string Instance,
    string Address,
    string State,
    IReadOnlyDictionary<string, string> Metadata
);
