namespace Workshop.AppHost.Postgres;

/// <summary>One server: where it lives and how it is reached.</summary>
public sealed record PostgresOptions
{
    /// <summary>
    /// The server's name, also as a standby's <c>application_name</c>; for example <c>postgres-2</c>.
    /// </summary>
    public required string Name { get; init; }

    /// <summary>The data folder. Its parent must be reachable for the user that the server runs as.</summary>
    public required string Folder { get; init; }

    /// <summary>The port on loopback.</summary>
    public required int Port { get; init; }

    /// <summary>The superuser's password.</summary>
    public required string Password { get; init; }

    /// <summary>The account with which this server follows another; null for the superuser's.</summary>
    public string? ReplicationUser { get; init; }

    /// <summary>Its password.</summary>
    public string? ReplicationPassword { get; init; }

    /// <summary>Settings beyond, or instead of, <see cref="PostgresSettings.Base"/>.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// The physical replication slot that this server uses as a standby: slots' names know no hyphen.
    /// </summary>
    public string Slot => Name.Replace('-', '_');
}
