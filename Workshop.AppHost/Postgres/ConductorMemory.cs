using System.Text.Json;

namespace Workshop.AppHost.Postgres;

/// <summary>
/// What the conductor has written down of the pair, read where no conductor runs yet: only it knows whether a standby has
/// all that was acknowledged, and which storage mode a person chose last.
/// </summary>
/// <param name="registryFolders">The registry's own folder, or one of each replica.</param>
internal sealed class ConductorMemory(params IReadOnlyList<string> registryFolders)
{
    private const string Basic = "Basic";

    /// <summary>Whether the standby of that name may take its primary's place.</summary>
    /// <returns>False also where nothing is written down, or it cannot be read.</returns>
    internal bool MayLead(string server) =>
        Read() is { } written
        && (
            string.Equals(written.Promotable, server, StringComparison.Ordinal)
            || string.Equals(written.Pending, server, StringComparison.Ordinal)
        );

    /// <summary>Whether the server of that name has all that is the shop's, and no other one is in use.</summary>
    internal bool LeadsAlone(string server) =>
        Read() is { Mode: Basic } written && string.Equals(written.Primary, server, StringComparison.Ordinal);

    /// <summary>The storage mode in force, as <c>--storage</c> spells it; null where none is written down.</summary>
    internal string? Mode => Read()?.Mode?.ToLowerInvariant();

    /// <summary>Whether two servers are in use, or on the way to be.</summary>
    /// <param name="usual">The answer where no mode is written down yet.</param>
    internal bool IsPaired(bool usual) =>
        Read() is { Mode: { } mode } written ? mode is not Basic || written.Wanted is not (null or Basic) : usual;

    /// <summary>A replica that was away when the registry ended may lack the last decisions: the latest term counts.</summary>
    private Written? Read() => registryFolders.Select(ReadIn).OfType<Written>().MaxBy(written => written.Term);

    private static Written? ReadIn(string folder)
    {
        try
        {
            return JsonSerializer.Deserialize<Written>(File.ReadAllBytes(Path.Combine(folder, "conductor.json")));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>The members that count here.</summary>
    private sealed record Written(
        long Term,
        string? Primary,
        string? Promotable,
        string? Pending,
        string? Mode = null,
        string? Wanted = null
    );
}
