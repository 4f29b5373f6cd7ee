namespace Shop.Api.Limits;

/// <summary>
/// How many requests one client may send. Clients are told apart by address. On this machine's own address stand the
/// storefront and a whole classroom together, so it has a budget of its own.
/// </summary>
public sealed record LimitOptions
{
    /// <summary>Name of the section in the configuration.</summary>
    public const string Section = "Shop:Limits";

    /// <summary>Requests per second that one address may keep up.</summary>
    public int RequestsPerSecond { get; init; } = 200;

    /// <summary>Requests that one address may send at once, after a pause.</summary>
    public int Burst { get; init; } = 400;

    /// <summary>Requests per second from this machine.</summary>
    public int LocalRequestsPerSecond { get; init; } = 20_000;

    /// <summary>Requests at once from this machine.</summary>
    public int LocalBurst { get; init; } = 40_000;

    /// <summary>
    /// Writes that work on the database at the same time; the others wait in the order in which they came.
    /// </summary>
    public int ConcurrentWrites { get; init; } = Storage.ShopDataSources.MaxWrites;

    /// <summary>Writes that may wait; those beyond are told to come again.</summary>
    public int WaitingWrites { get; init; } = 4_000;

    /// <summary>
    /// Longest wait of a write for its turn; then it is told to come again, and nothing of it was done. With the storage's
    /// own limit it makes the 12 s after which the storefront's client gives up.
    /// </summary>
    public TimeSpan LongestWriteWait { get; init; } = TimeSpan.FromSeconds(10);
}
