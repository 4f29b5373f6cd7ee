using System.Text.Json;

namespace Workshop.AppHost.Postgres;

/// <summary>
/// What the conductor has written down of the pair, read where no conductor runs yet: only it knows whether a standby has
/// all that was acknowledged.
/// </summary>
/// <param name="registryFolder">The registry's own folder.</param>
internal sealed class ConductorMemory(string registryFolder)
{
    /// <summary>Whether the standby of that name may take its primary's place.</summary>
    /// <returns>False also where nothing is written down, or it cannot be read.</returns>
    internal bool MayLead(string server)
    {
        try
        {
            var content = File.ReadAllBytes(Path.Combine(registryFolder, "conductor.json"));
            return JsonSerializer.Deserialize<Written>(content) is { } written
                && (
                    string.Equals(written.Promotable, server, StringComparison.Ordinal)
                    || string.Equals(written.Pending, server, StringComparison.Ordinal)
                );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return false;
        }
    }

    /// <summary>The members that count here.</summary>
    private sealed record Written(string? Promotable, string? Pending);
}
