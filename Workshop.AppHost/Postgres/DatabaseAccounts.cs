using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Workshop.AppHost.Hosting;

namespace Workshop.AppHost.Postgres;

/// <summary>An account of the databases: what its holder does, and nothing else.</summary>
/// <param name="Name">As the database knows it.</param>
/// <param name="Password">Generated, and told to its holder alone.</param>
internal sealed record DatabaseAccount(string Name, IResourceBuilder<ParameterResource> Password);

/// <summary>
/// The accounts by duty. The superuser's is the host's own: whoever finds a hole in a service finds no superuser behind it.
/// </summary>
/// <param name="Owner">Owns the shop's database and changes its tables.</param>
/// <param name="Shop">Reads and writes rows.</param>
/// <param name="Conductor">Watches both servers, promotes one, names the standby that is waited for; reads no rows.</param>
/// <param name="Replication">Receives the primary's log.</param>
internal sealed record DatabaseAccounts(
    DatabaseAccount Owner,
    DatabaseAccount Shop,
    DatabaseAccount Conductor,
    DatabaseAccount Replication
)
{
    internal static DatabaseAccounts AddTo(WorkshopBuilder workshop) =>
        new(
            new("shop_owner", workshop.Secret(Secrets.OwnerPassword)),
            new("shop", workshop.Secret(Secrets.ShopPassword)),
            new("conductor", workshop.Secret(Secrets.ConductorPassword)),
            new("replication", workshop.Secret(Secrets.ReplicationPassword))
        );

    /// <summary>
    /// Makes the database and its accounts where a server leads, or gives these their passwords and rights anew; a standby gets
    /// them from its primary.
    /// </summary>
    /// <exception cref="NpgsqlException">The server refused; its log in the dashboard says so too.</exception>
    internal async Task MakeOn(IDatabaseServer server, string database, IServiceProvider services, CancellationToken ct)
    {
        try
        {
            await MakeOn(server, database, ct);
        }
        catch (NpgsqlException e)
        {
            // Aspire shows nobody what goes wrong here.
            LogMessages.NotStarted(
                services.GetRequiredService<ResourceLoggerService>().GetLogger(server.Resource),
                $"The accounts of {server.Resource.Name} could not be made: {e.Message}"
            );
            throw;
        }
    }

    private async Task MakeOn(IDatabaseServer server, string database, CancellationToken ct)
    {
        var superuser = await server.ConnectionString(ct);
        await using (var session = await ServerSession.Open(superuser, ct))
        {
            if (await session.IsInRecovery(ct))
            {
                return;
            }

            await session.Run([WaitForNobody], ct);
            await session.MakeDatabase(database, ct);
            foreach (var account in new[] { Owner, Shop, Conductor, Replication })
            {
                await session.MakeAccount(account.Name, (await account.Password.Resource.GetValueAsync(ct))!, ct);
            }

            await session.Run(ConductorRights, ct);
        }

        await using var inside = await ServerSession.Open($"{superuser};Database={database}", ct);
        await inside.Run([WaitForNobody, .. ShopRights], ct);
    }

    /// <summary>
    /// A standby that is waited for may not be let in before its account is there, and gets it from the log a moment later.
    /// </summary>
    private const string WaitForNobody = "SET synchronous_commit = local";

    /// <summary>
    /// In the database <c>postgres</c>, where the conductor's sessions are: rights to functions are each database's own.
    /// </summary>
    private string[] ConductorRights =>
        [
            $"ALTER ROLE {Replication.Name} REPLICATION",
            $"GRANT pg_monitor, pg_signal_backend, pg_checkpoint TO {Conductor.Name}",
            $"GRANT EXECUTE ON FUNCTION pg_promote(boolean, integer), pg_reload_conf() TO {Conductor.Name}",
            $"GRANT ALTER SYSTEM ON PARAMETER synchronous_standby_names, primary_conninfo TO {Conductor.Name}",
        ];

    /// <summary>
    /// In the shop's database; what an earlier workshop made there belonged to the superuser, and changes hands.
    /// </summary>
    private string[] ShopRights =>
        [
            TakeOver,
            $"GRANT USAGE ON SCHEMA public TO {Shop.Name}",
            $"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {Shop.Name}",
            $"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {Shop.Name}",
            $"GRANT pg_read_all_stats TO {Shop.Name}",
            $"ALTER DEFAULT PRIVILEGES FOR ROLE {Owner.Name} IN SCHEMA public"
                + $" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {Shop.Name}",
            $"ALTER DEFAULT PRIVILEGES FOR ROLE {Owner.Name} IN SCHEMA public"
                + $" GRANT USAGE ON SEQUENCES TO {Shop.Name}",
        ];

    private string TakeOver =>
        $"""
            DO $do$
            DECLARE one record;
            BEGIN
                EXECUTE format('ALTER DATABASE %I OWNER TO {Owner.Name}', current_database());
                EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
                ALTER SCHEMA public OWNER TO {Owner.Name};
                FOR one IN
                    SELECT format('ALTER %s %s OWNER TO {Owner.Name}',
                        CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, oid::regclass) AS sql
                    FROM pg_class
                    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'S')
                        AND relowner <> '{Owner.Name}'::regrole
                        AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype IN ('a', 'e', 'i'))
                    UNION ALL
                    SELECT format('ALTER ROUTINE %s OWNER TO {Owner.Name}', oid::regprocedure)
                    FROM pg_proc
                    WHERE pronamespace = 'public'::regnamespace AND proowner <> '{Owner.Name}'::regrole
                        AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
                    UNION ALL
                    SELECT format('ALTER TYPE %s OWNER TO {Owner.Name}', oid::regtype)
                    FROM pg_type
                    WHERE typnamespace = 'public'::regnamespace AND typowner <> '{Owner.Name}'::regrole
                        AND typtype IN ('d', 'e')
                LOOP
                    EXECUTE one.sql;
                END LOOP;
            END
            $do$
            """;
}
