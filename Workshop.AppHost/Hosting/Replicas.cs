using System.Globalization;
using Workshop.AppHost.Postgres;

namespace Workshop.AppHost.Hosting;

/// <summary>Services that run as several processes with one memory.</summary>
internal static class Replicas
{
    internal const string Registry = "registry";

    internal const int RegistryPort = 3000;

    private const int PortsApart = 100;

    /// <summary>Names and ports: the first has the service's own, the others <c>name-2</c> at 100 more, and so on.</summary>
    internal static IEnumerable<(string Name, int Port)> Of(string service, int port, int count) =>
        Enumerable
            .Range(1, count)
            .Select(n =>
                (
                    n == 1 ? service : string.Create(CultureInfo.InvariantCulture, $"{service}-{n}"),
                    port + ((n - 1) * PortsApart)
                )
            );

    /// <summary>What the conductor wrote down, wherever a registry of this folder keeps it.</summary>
    internal static ConductorMemory ConductorMemory(StateFolder state, WorkshopOptions options) =>
        new([.. Of(Registry, RegistryPort, options.RegistryReplicas).Select(replica => state.DataOf(replica.Name))]);

    /// <summary>Tells each of several where the others are, and the secret by which they know one another.</summary>
    internal static void KeepTogether(this IResourceBuilder<ProjectResource>[] replicas, WorkshopBuilder workshop)
    {
        if (replicas.Length == 1)
        {
            return;
        }

        var secret = workshop.Secret(Secrets.ReplicaSecret);
        foreach (var replica in replicas)
        {
            replica
                .WithEnvironment("Replicas__Self", replica.GetEndpoint("http"))
                .WithEnvironment("Replicas__Secret", secret)
                .WithLinks(("Replicas", "/replicas"));
            foreach (var (index, other) in replicas.Index())
            {
                replica.WithEnvironment(
                    string.Create(CultureInfo.InvariantCulture, $"Replicas__Addresses__{index}"),
                    other.GetEndpoint("http")
                );
            }
        }
    }

    /// <summary>Lets a service find all replicas of another under the name of the first.</summary>
    internal static IResourceBuilder<ProjectResource> WithReplicas(
        this IResourceBuilder<ProjectResource> caller,
        string service,
        IResourceBuilder<ProjectResource>[] replicas
    )
    {
        caller.WithReference(replicas[0]);
        foreach (var (index, replica) in replicas.Index().Skip(1))
        {
            caller
                .WithEnvironment(
                    string.Create(CultureInfo.InvariantCulture, $"services__{service}__http__{index}"),
                    replica.GetEndpoint("http")
                )
                .WithReferenceRelationship(replica);
        }

        return caller;
    }

    /// <summary>
    /// Starts a service when all of several are healthy: for the first time only. Later a majority of them is enough.
    /// </summary>
    internal static IResourceBuilder<ProjectResource> WaitForAll(
        this IResourceBuilder<ProjectResource> service,
        IResourceBuilder<ProjectResource>[] replicas
    )
    {
        foreach (var replica in replicas)
        {
            service.WaitFor(replica);
        }

        return replicas.Length == 1
            ? service
            : service.WaitOnce(resource => replicas.Any(one => one.Resource == resource));
    }

    /// <summary>Has a service that was ready once wait no more for some of what it waited for.</summary>
    /// <param name="service">The service.</param>
    /// <param name="isOne">Whether a resource is one of these.</param>
    internal static IResourceBuilder<ProjectResource> WaitOnce(
        this IResourceBuilder<ProjectResource> service,
        Func<IResource, bool> isOne
    ) =>
        service.OnResourceReady(
            (ready, _, _) =>
            {
                foreach (
                    var wait in ready.Annotations.OfType<WaitAnnotation>().Where(wait => isOne(wait.Resource)).ToArray()
                )
                {
                    ready.Annotations.Remove(wait);
                }

                return Task.CompletedTask;
            }
        );
}
