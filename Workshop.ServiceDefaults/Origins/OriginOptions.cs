namespace Workshop.ServiceDefaults.Origins;

/// <summary>
/// Under which names a service answers, and whose pages may write to it (section <c>Workshop:Origins</c>).
/// </summary>
public sealed record OriginOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Workshop:Origins";

    /// <summary>Names beside those of loopback, without a port; for example <c>192.168.1.20</c>.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>
    /// Origins whose pages may read and write, with CORS: for a class that writes a front end of its own. For example
    /// <c>http://localhost:5173</c>.
    /// </summary>
    public IReadOnlyList<string> Allowed { get; init; } = [];
}
