using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace Workshop.AppHost.Hosting;

/// <summary>
/// Generated values that must be the same in the next run: <c>secrets.json</c> beside the data that they open, so that
/// both are kept and forgotten together. Aspire reads them as parameters.
/// </summary>
internal static class Secrets
{
    /// <summary>Good for writing to the registry, for truths, and for what a classmate may not do.</summary>
    internal const string OperatorToken = "operator-token";

    /// <summary>Good for joining the prediction network, and for nothing else.</summary>
    internal const string JoinToken = "join-token";

    /// <summary>By it the replicas of the consensus know one another, and those of the registry.</summary>
    internal const string ReplicaSecret = "replica-secret";

    /// <summary>The database superuser's.</summary>
    internal const string PostgresPassword = "postgres-password";

    /// <summary>Of the account that owns the shop's tables.</summary>
    internal const string OwnerPassword = "shop-owner-password";

    /// <summary>Of the account with which the shop's servers work.</summary>
    internal const string ShopPassword = "shop-password";

    /// <summary>Of the conductor's account.</summary>
    internal const string ConductorPassword = "conductor-password";

    /// <summary>Of the account with which a standby receives the log.</summary>
    internal const string ReplicationPassword = "replication-password";

    /// <summary>The names of all of them: what is not here is neither made nor hidden.</summary>
    internal static readonly string[] All =
    [
        OperatorToken,
        JoinToken,
        ReplicaSecret,
        PostgresPassword,
        OwnerPassword,
        ShopPassword,
        ConductorPassword,
        ReplicationPassword,
    ];

    /// <summary>The password's name in a folder of the first round's host.</summary>
    private const string EarlierPassword = "postgres-1-password";

    private const int LengthBytes = 24;

    /// <summary>The file in a state folder that holds them.</summary>
    internal static string FileIn(string stateFolder) => Path.Combine(stateFolder, "secrets.json");

    /// <summary>Makes what is missing, and gives each to Aspire unless a person set the parameter.</summary>
    /// <exception cref="HostException">The file cannot be read or written.</exception>
    internal static void AddTo(ConfigurationManager configuration, string stateFolder)
    {
        var path = FileIn(stateFolder);
        var values = Read(path);
        var known = values.Count;
        if (!values.ContainsKey(PostgresPassword) && values.TryGetValue(EarlierPassword, out var earlier))
        {
            values[PostgresPassword] = earlier;
        }

        foreach (var name in All)
        {
            values.TryAdd(name, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(LengthBytes)));
            configuration[$"Parameters:{name}"] ??= values[name];
        }

        if (values.Count == known)
        {
            return;
        }

        try
        {
            WholeFile.Replace(path, JsonSerializer.SerializeToUtf8Bytes(values));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HostException($"{path} cannot be written ({e.Message}). Mend that, or use --reset.", e);
        }
    }

    private static Dictionary<string, string> Read(string path)
    {
        if (!Path.Exists(path))
        {
            return new(StringComparer.Ordinal);
        }

        try
        {
            var values =
                JsonSerializer.Deserialize<Dictionary<string, string?>>(File.ReadAllText(path))
                ?? throw new JsonException("It holds null.");
            return values.FirstOrDefault(entry => string.IsNullOrEmpty(entry.Value)) is { Key: { } empty }
                ? throw new JsonException($"{empty} is empty.")
                : values.ToDictionary(entry => entry.Key, entry => entry.Value!, StringComparer.Ordinal);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new HostException(
                $"{path} cannot be read ({e.Message}). Without it the databases cannot be opened: mend it, or use --reset.",
                e
            );
        }
    }
}
