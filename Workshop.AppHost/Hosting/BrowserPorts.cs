namespace Workshop.AppHost.Hosting;

/// <summary>
/// Ports that no browser opens, since they belong to another protocol: those from 1024 up of the list of bad ports in
/// the Fetch standard (https://fetch.spec.whatwg.org/#bad-port). curl opens them, so only people are to be told.
/// </summary>
internal static class BrowserPorts
{
    private static readonly HashSet<int> Bad =
    [
        1719,
        1720,
        1723,
        2049,
        3659,
        4045,
        4190,
        5060,
        5061,
        6000,
        6566,
        .. Enumerable.Range(6665, 5),
        6679,
        6697,
        10080,
    ];

    /// <summary>What is said behind an address that a browser refuses; empty for any other.</summary>
    internal static string Remark(Uri address) =>
        Bad.Contains(address.Port) ? "  (browsers refuse this port: choose another --port-offset)" : "";
}
