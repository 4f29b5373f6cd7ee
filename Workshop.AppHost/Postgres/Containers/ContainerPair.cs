using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Workshop.AppHost.Faults;
using Workshop.AppHost.Hosting;

namespace Workshop.AppHost.Postgres.Containers;

/// <summary>
/// The pair under a container engine: Aspire's own PostgreSQL resources, with a script in front of the image's
/// entrypoint.
/// </summary>
internal static class ContainerPair
{
    private const string Image = "18";

    private const string Scripts = "/workshop";

    private const string EndpointName = "tcp";

    /// <summary>Settings of a native server that mean something else in a container.</summary>
    private static readonly string[] Native = ["listen_addresses", "unix_socket_directories", "port"];

    internal static DatabasePair Add(
        WorkshopBuilder workshop,
        (string Name, int Port) first,
        (string Name, int Port) second,
        string database
    )
    {
        var password = workshop.Secret(Secrets.PostgresPassword);
        var accounts = DatabaseAccounts.AddTo(workshop);
        var primary = AddServer(first);
        var standby = AddServer(second);
        if (!workshop.Options.HasStandby)
        {
            standby.WithExplicitStart();
        }

        if (workshop is { State: { } state, Engine: { } engine })
        {
            var (one, two) = (
                new ContainerServer(primary.Resource, engine, ContainerServer.Serve),
                new ContainerServer(standby.Resource, engine, ContainerServer.Copy)
            );
            ContainerServer.Pair(one, two);
            MakeMember(primary, one, second.Name, state, accounts, database);
            MakeMember(standby, two, first.Name, state, accounts, database);
        }

        return new(
            primary,
            primary.GetEndpoint(EndpointName),
            standby,
            standby.GetEndpoint(EndpointName),
            primary.AddDatabase(database),
            accounts,
            workshop.Options
        );

        IResourceBuilder<PostgresServerResource> AddServer((string Name, int Port) place) =>
            workshop
                .Aspire.AddPostgres(place.Name, password: password, port: workshop.Port(place.Port))
                .WithImageTag(Image);
    }

    /// <summary>The volume that holds a server's data; each state folder has its own.</summary>
    internal static string VolumeOf(StateFolder state, string server) =>
        $"workshop-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(state.Root)))[..12]}-{server}";

    /// <summary>Removes the data of all servers of a state folder; none of them runs.</summary>
    internal static Task Forget(WorkshopBuilder workshop, CancellationToken ct) =>
        OfEachVolume(workshop, (engine, volume) => engine.RemoveVolume(volume, ct));

    /// <summary>Ends what an earlier host of the state folder left, which was killed.</summary>
    /// <exception cref="HostException">It cannot be ended.</exception>
    internal static Task EndLeftovers(WorkshopBuilder workshop, CancellationToken ct) =>
        OfEachVolume(workshop, (engine, volume) => engine.RemoveHolders(volume, ct));

    private static async Task OfEachVolume(WorkshopBuilder workshop, Func<ContainerEngine, string, Task> act)
    {
        if (workshop is { State: { } state, Engine: { } engine })
        {
            foreach (var server in workshop.Aspire.Resources.OfType<PostgresServerResource>())
            {
                await act(engine, VolumeOf(state, server.Name));
            }
        }
    }

    private static void MakeMember(
        IResourceBuilder<PostgresServerResource> resource,
        ContainerServer server,
        string peer,
        StateFolder state,
        DatabaseAccounts accounts,
        string database
    ) =>
        resource
            .WithAnnotation(server)
            .WithDataVolume(VolumeOf(state, resource.Resource.Name))
            // Behind the orchestrator's proxy a dead server's port would go on taking connections.
            .WithEndpointProxySupport(false)
            .WithContainerFiles(Scripts, [File("pair.sh", isProgram: true), File("pg_hba.conf", isProgram: false)])
            .WithEntrypoint("/bin/bash")
            .WithArgs([$"{Scripts}/pair.sh", .. Settings(resource.Resource.Name)])
            .WithEnvironment("PAIR_NAME", resource.Resource.Name)
            .WithEnvironment("PAIR_PEER", peer)
            .WithEnvironment("REPLICATION_USER", accounts.Replication.Name)
            .WithEnvironment("REPLICATION_PASSWORD", accounts.Replication.Password)
            // Asked anew each time a container is made.
            .WithEnvironment(context => context.EnvironmentVariables["PAIR_ORDER"] = server.Order)
            .OnBeforeResourceStarted(
                (_, starting, _) =>
                {
                    server.Prepare(starting.Services.GetRequiredService<ResourceNotificationService>());
                    return Task.CompletedTask;
                }
            )
            .OnResourceReady(
                async (_, ready, ct) =>
                {
                    await accounts.MakeOn(server, database, ready.Services, ct);
                    server.IsReady();
                }
            )
            .WithDatabaseFaults(server);

    private static string[] Settings(string name) =>
        [
            .. PostgresSettings
                .Base.Where(setting => !Native.Contains(setting.Key, StringComparer.Ordinal))
                .Append(new("cluster_name", name))
                .Append(new("hba_file", $"{Scripts}/pg_hba.conf"))
                .SelectMany(setting => new[] { "-c", $"{setting.Key}={setting.Value}" }),
        ];

    private static ContainerFile File(string name, bool isProgram) =>
        new()
        {
            Name = name,
            SourcePath = Path.Combine(AppContext.BaseDirectory, "Postgres", "Containers", name),
            Mode =
                UnixFileMode.UserRead
                | UnixFileMode.GroupRead
                | UnixFileMode.OtherRead
                | UnixFileMode.UserWrite
                | (
                    isProgram
                        ? UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute
                        : default
                ),
        };
}
