using System.Globalization;

namespace Workshop.AppHost.Postgres;

/// <summary>
/// The settings that every server starts with, written before each start: a copy of the folder brings the primary's
/// along.
/// </summary>
internal static class PostgresSettings
{
    /// <summary>
    /// Settings for a server that must lose nothing and must notice within seconds that its partner is gone.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Base { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["listen_addresses"] = "localhost",
            ["unix_socket_directories"] = "",
            ["password_encryption"] = "scram-sha-256",
            ["max_connections"] = "200",
            ["shared_buffers"] = "64MB",
            // Nothing is acknowledged before it is on disk, here and, where a standby is armed, there.
            ["fsync"] = "on",
            ["full_page_writes"] = "on",
            ["synchronous_commit"] = "on",
            // Whether a server that crashed may go on is the conductor's to decide.
            ["restart_after_crash"] = "off",
            ["wal_level"] = "replica",
            ["wal_log_hints"] = "on",
            ["hot_standby"] = "on",
            ["max_wal_senders"] = "10",
            ["max_replication_slots"] = "10",
            ["max_slot_wal_keep_size"] = "4GB",
            // A promoted standby has no slot for its predecessor yet, and its first checkpoint would remove what that one
            // has to read once it was rewound.
            ["wal_keep_size"] = "256MB",
            ["wal_sender_timeout"] = "5s",
            ["wal_receiver_timeout"] = "5s",
            ["wal_receiver_status_interval"] = "1s",
            ["wal_retrieve_retry_interval"] = "500ms",
            // No reader on the standby holds a failover up: what it reads is not kept for it, and replay waits half a second.
            ["max_standby_streaming_delay"] = "500ms",
            ["max_standby_archive_delay"] = "500ms",
            ["hot_standby_feedback"] = "off",
            ["log_line_prefix"] = "%m [%p] ",
            ["log_timezone"] = "UTC",
            ["timezone"] = "UTC",
        };

    /// <summary>
    /// Writes <c>postgresql.conf</c>: the base, then what <paramref name="options"/> change, then the server's own
    /// place.
    /// </summary>
    internal static void Write(PostgresOptions options)
    {
        var settings = new Dictionary<string, string>(Base, StringComparer.Ordinal);
        foreach (var (name, value) in options.Settings)
        {
            settings[name] = value;
        }

        settings["port"] = options.Port.ToString(CultureInfo.InvariantCulture);
        settings["cluster_name"] = options.Name;
        GuardedFiles.Write(
            options.Folder,
            "postgresql.conf",
            settings.Select(setting => $"{setting.Key} = '{setting.Value}'")
        );
    }
}
