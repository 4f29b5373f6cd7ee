namespace Shop.Api.WarmUp;

/// <summary>How much a server does for itself before it says that it is healthy.</summary>
public sealed record WarmUpOptions
{
    /// <summary>Name of the section in the configuration.</summary>
    public const string Section = "Shop:WarmUp";

    /// <summary>Most rounds; each asks every hot route once. 0 for no warm-up.</summary>
    public int Rounds { get; init; } = 60;

    /// <summary>Longest time for all rounds together; then the server is healthy as it is.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(2);
}
