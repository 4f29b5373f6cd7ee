using Workshop.AppHost.Hosting;
using Workshop.AppHost.Postgres.Containers;

namespace Workshop.AppHost.Postgres;

/// <summary>The pair as the application's description sees it.</summary>
/// <param name="First">The server that starts as the primary.</param>
/// <param name="FirstEndpoint">Where it is reached.</param>
/// <param name="Second">The server that starts as its standby.</param>
/// <param name="SecondEndpoint">Where the second one is reached.</param>
/// <param name="Database">The shop's database, on whichever leads.</param>
/// <param name="Accounts">Who may do what on it.</param>
/// <param name="Options">How orders are stored on it.</param>
internal sealed record DatabasePair(
    IResourceBuilder<IResourceWithConnectionString> First,
    EndpointReference FirstEndpoint,
    IResourceBuilder<IResourceWithConnectionString> Second,
    EndpointReference SecondEndpoint,
    IResourceBuilder<IResourceWithConnectionString> Database,
    DatabaseAccounts Accounts,
    WorkshopOptions Options
);

/// <summary>The verbs for the pair.</summary>
internal static class DatabasePairs
{
    /// <summary>
    /// Adds two servers, of which the first starts as the primary, and a database that is made on it.
    /// </summary>
    internal static DatabasePair AddDatabasePair(
        this WorkshopBuilder workshop,
        string first,
        int firstPort,
        string second,
        int secondPort,
        string database
    ) =>
        workshop is { State: { } state, Options.Databases: DatabaseKind.Native }
            ? NativePair.Add(workshop, state, (first, firstPort), (second, secondPort), database)
            : ContainerPair.Add(workshop, (first, firstPort), (second, secondPort), database);

    /// <summary>
    /// Adds the program that brings the shop's tables up to date; the shop's servers start when it has ended well.
    /// </summary>
    internal static IResourceBuilder<ProjectResource> AddMigrations<TProject>(
        this WorkshopBuilder workshop,
        string name,
        DatabasePair databases
    )
        where TProject : IProjectMetadata, new() =>
        workshop
            .AddProgram<TProject>(name)
            .WithArgs("migrate")
            .WithDatabases(databases)
            .WithAccount(databases, databases.Accounts.Owner, databases.Database)
            .WaitFor(databases.Database);

    /// <summary>
    /// Lets a service into a database under an account of its own, by the name that a plain reference would have. Where the
    /// application is only described nobody makes accounts, so there the plain reference stays.
    /// </summary>
    internal static IResourceBuilder<ProjectResource> WithAccount(
        this IResourceBuilder<ProjectResource> service,
        DatabasePair databases,
        DatabaseAccount account,
        IResourceBuilder<IResourceWithConnectionString> target
    )
    {
        if (!service.ApplicationBuilder.ExecutionContext.IsRunMode)
        {
            return service.WithReference(target);
        }

        var database = target == databases.Database ? target.Resource.Name : PostgresFiles.User;
        var (host, port) = (
            databases.FirstEndpoint.Property(EndpointProperty.Host),
            databases.FirstEndpoint.Property(EndpointProperty.Port)
        );
        return service
            .WithEnvironment(
                $"ConnectionStrings__{target.Resource.Name}",
                ReferenceExpression.Create(
                    $"Host={host};Port={port};Username={account.Name};Password={account.Password};Database={database}"
                )
            )
            .WithReferenceRelationship(target);
    }

    /// <summary>
    /// Tells a service how orders are stored at first and where the second server is, also where that waits to be started, and
    /// starts it behind the servers: for the first time only. Later it lives without them, and one of them may be away for long.
    /// </summary>
    internal static IResourceBuilder<ProjectResource> WithDatabases(
        this IResourceBuilder<ProjectResource> service,
        DatabasePair databases
    )
    {
        service
            .WithEnvironment("Workshop__Storage", databases.Options.Storage)
            .WithEnvironment("Workshop__Policy", databases.Options.Policy)
            .WithEnvironment("Workshop__Standby", databases.SecondEndpoint)
            .WaitFor(databases.First)
            .WaitOnce(IsServer);
        return databases.Options.HasStandby ? service.WaitFor(databases.Second) : service;
    }

    private static bool IsServer(IResource resource) =>
        DatabaseServers.Find(resource is IResourceWithParent { Parent: var server } ? server : resource) is not null;
}
