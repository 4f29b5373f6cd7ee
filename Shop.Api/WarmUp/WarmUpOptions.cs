namespace Shop.Api.WarmUp;

/// <summary>How much a server does for itself before it says that it is healthy.</summary>
public sealed record WarmUpOptions
{
    /// <summary>Name of the section in the configuration.</summary>
    public const string Section = "Shop:WarmUp";

    /// <summary>
    /// Most rounds; each asks every hot route once. There are fewer when there is nothing left to compile. 0 for no warm-up.
    /// </summary>
    public int Rounds { get; init; } = 300;

    /// <summary>
    /// Longest time for all rounds together; then the server is healthy as it is. On a quiet machine they take a second or two.
    /// </summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(6);
}
