namespace Workshop.AppHost.Aspire;

/// <summary>
/// What differs from host to host: one verb of our own each, implemented once per host. These are for Aspire's.
/// </summary>
internal static class WorkshopExtensions
{
    private const int PostgresPort = 5432;

    /// <summary>
    /// Adds the second server of a pair: a container that copies <paramref name="primary"/> when it is empty and then
    /// streams from it. Failover between containers is the conductor's, through the container engine.
    /// </summary>
    public static IResourceBuilder<ContainerResource> AddStandby(
        this IDistributedApplicationBuilder builder,
        string name,
        IResourceBuilder<PostgresServerResource> primary,
        int port
    )
    {
        primary
            .WithEnvironment("POSTGRES_INITDB_ARGS", "--auth-host=scram-sha-256 --data-checksums")
            .WithContainerFiles(
                "/docker-entrypoint-initdb.d",
                [Script("allow-replication.sh", AllowReplication(Slot(name)))]
            )
            .WithArgs(Settings(primary.Resource.Name));

        return builder
            .AddContainer(name, "postgres", "18")
            .WithEndpoint(port: port, targetPort: PostgresPort, scheme: "tcp", name: "tcp")
            .WithEnvironment("PGPASSWORD", primary.Resource.PasswordParameter)
            .WithEnvironment("PRIMARY_HOST", primary.Resource.Name)
            .WithEnvironment("STANDBY_NAME", name)
            .WithContainerFiles("/workshop", [Script("start-standby.sh", StartStandby)])
            .WithEntrypoint("/bin/bash")
            .WithArgs(["/workshop/start-standby.sh", .. Settings(name)])
            .WaitFor(primary);
    }

    /// <summary>Gives the process <c>Workshop__DataDirectory</c>: a folder of its own that outlives it.</summary>
    public static IResourceBuilder<ProjectResource> WithDataDirectory(this IResourceBuilder<ProjectResource> builder) =>
        builder.WithEnvironment(
            "Workshop__DataDirectory",
            Path.GetFullPath(
                Path.Combine("..", ".workshop", "aspire", builder.Resource.Name),
                builder.ApplicationBuilder.AppHostDirectory
            )
        );

    /// <summary>
    /// There is no embedded host here, and so nothing to say: faults and fencing go through the container engine.
    /// </summary>
    public static IResourceBuilder<ProjectResource> WithHostUrl(this IResourceBuilder<ProjectResource> builder) =>
        builder;

    /// <summary>
    /// Run once, when the primary's data folder is made: the standby may stream, and its slot keeps the log for it.
    /// </summary>
    private static string AllowReplication(string slot) =>
        $$"""
            #!/bin/bash
            set -euo pipefail
            echo "host replication all all scram-sha-256" >> "$PGDATA/pg_hba.conf"
            psql --username "$POSTGRES_USER" --dbname postgres --command \
              "SELECT pg_create_physical_replication_slot('{{slot}}', true)"
            """;

    /// <summary>
    /// An empty folder is filled from the primary; then the server starts as its standby, under the image's user.
    /// </summary>
    private const string StartStandby = """
        #!/bin/bash
        set -euo pipefail
        export PGDATA="${PGDATA:-/var/lib/postgresql/18/docker}"
        mkdir -p "$PGDATA"
        chown -R postgres:postgres "$PGDATA"
        chmod 0700 "$PGDATA"
        if [ ! -s "$PGDATA/PG_VERSION" ]; then
          connection="host=$PRIMARY_HOST port=5432 user=postgres password=$PGPASSWORD application_name=$STANDBY_NAME"
          until gosu postgres pg_basebackup --dbname "$connection" --pgdata "$PGDATA" --wal-method stream \
            --slot "${STANDBY_NAME//-/_}" --write-recovery-conf --checkpoint fast; do
            find "$PGDATA" -mindepth 1 -delete
            sleep 1
          done
        fi
        exec gosu postgres postgres "$@"
        """;

    /// <summary>The settings of the embedded host's servers that matter for losing nothing.</summary>
    private static string[] Settings(string name) =>
        [
            "-c",
            $"cluster_name={name}",
            "-c",
            "wal_log_hints=on",
            "-c",
            "restart_after_crash=off",
            "-c",
            "max_slot_wal_keep_size=4GB",
            "-c",
            "wal_sender_timeout=5s",
            "-c",
            "wal_receiver_timeout=5s",
            "-c",
            "wal_retrieve_retry_interval=500ms",
        ];

    /// <summary>A slot's name knows no hyphen.</summary>
    private static string Slot(string name) => name.Replace('-', '_');

    private static ContainerFile Script(string name, string contents) =>
        new()
        {
            Name = name,
            Contents = contents,
            Mode =
                UnixFileMode.UserRead
                | UnixFileMode.UserWrite
                | UnixFileMode.UserExecute
                | UnixFileMode.GroupRead
                | UnixFileMode.GroupExecute
                | UnixFileMode.OtherRead
                | UnixFileMode.OtherExecute,
        };
}
