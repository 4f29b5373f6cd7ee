using Workshop.ServiceDefaults.Discovery;

namespace Shop.Api.Storage.Facts;

/// <summary>The routes that tell how the shop is stored.</summary>
internal static class StorageRoutes
{
    public static void AddStorageFacts(this IServiceCollection services)
    {
        // Who does not answer is a fact, and told at once.
        services
            .AddHttpClient(ConductorClient.HttpName)
            .AddRerouting(new() { MaxAttempts = ReroutingOptions.OncePerReplica });
        services.AddSingleton<ConductorClient>();
        services.AddSingleton<StorageReporter>();
    }

    public static void MapStorageFacts(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/storage").WithTags("Storage");
        group
            .MapGet(
                "",
                async (StorageReporter reporter, CancellationToken ct) => TypedResults.Ok(await reporter.Report(ct))
            )
            .WithSummary("How the shop is stored: mode, roles, lag, guarantee, last failover");
        group
            .MapGet("/lost", (StorageReporter reporter) => TypedResults.Ok(reporter.OwnShare))
            .WithSummary("What the last failover lost, by the receipts of this server alone");
    }
}
