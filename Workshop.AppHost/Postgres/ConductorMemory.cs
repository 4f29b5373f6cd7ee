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
        Read() is [_, ..] latest
        && latest.All(written =>
            string.Equals(written.Promotable, server, StringComparison.Ordinal)
            || string.Equals(written.Pending, server, StringComparison.Ordinal)
        );

    /// <summary>Whether the server of that name has all that is the shop's, and no other one is in use.</summary>
    internal bool LeadsAlone(string server) =>
        Read() is [_, ..] latest
        && latest.All(written =>
            written.Mode is Basic && string.Equals(written.Primary, server, StringComparison.Ordinal)
        );

    /// <summary>The storage mode in force, as <c>--storage</c> spells it; null where none is written down.</summary>
    internal string? Mode => Read().Select(written => written.Mode?.ToLowerInvariant()).FirstOrDefault();

    /// <summary>Whether two servers are in use, or on the way to be.</summary>
    /// <param name="usual">The answer where no mode is written down yet.</param>
    internal bool IsPaired(bool usual) =>
        Read().Where(written => written.Mode is not null).ToArray() is [_, ..] latest
            ? latest.Any(written => written.Mode is not Basic || written.Wanted is not (null or Basic))
            : usual;

    /// <summary>
    /// A replica that was away when the registry ended may lack the last decisions: the latest change of the latest term counts.
    /// Several that say other things of the same one are of before changes were counted; nobody knows which is the latest, and
    /// what gives data up wants all of them to say so.
    /// </summary>
    private Written[] Read()
    {
        var all = registryFolders.Select(ReadIn).OfType<Written>().ToArray();
        return all.MaxBy(written => written.Place) is { Place: var latest }
            ? [.. all.Where(written => written.Place == latest)]
            : [];
    }

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
        string? Wanted = null,
        long Change = 0
    )
    {
        /// <summary>Among all that was ever written down of the pair.</summary>
        internal (long Term, long Change) Place => (Term, Change);
    }
}
