using Shop.Web.Api;
using Shop.Web.Redundancy.Buyers;
using Shop.Web.Redundancy.Modes;
using Shop.Web.Redundancy.Replicas;
using Shop.Web.Redundancy.Runs;
using Shop.Web.Redundancy.Wires;
using Shop.Web.Storefront;
using Workshop.ServiceDefaults.Discovery;

namespace Shop.Web.Redundancy;

/// <summary>The redundancy laboratory and what it needs.</summary>
internal static class RedundancyDefaults
{
    internal const string Registry = "registry";

    internal const string Host = "host";

    /// <summary>A look must not wait for the dead: it is repeated in a moment anyway.</summary>
    private static readonly TimeSpan LookTimeout = TimeSpan.FromSeconds(2);

    /// <summary>A command answers once it is done, and a stop may take its time.</summary>
    private static readonly TimeSpan CommandTimeout = TimeSpan.FromSeconds(60);

    internal static void AddRedundancy(this WebApplicationBuilder builder)
    {
        builder
            .AddServiceClient(Registry)
            .AddRerouting(
                new()
                {
                    MaxAttempts = ReroutingOptions.OncePerReplica,
                    AttemptTimeout = LookTimeout,
                    TotalTimeout = LookTimeout,
                }
            );
        builder
            .Services.AddHttpClient(
                Host,
                client =>
                {
                    client.Timeout = CommandTimeout;
                    if (builder.Configuration["Workshop:HostUrl"] is { Length: > 0 } url)
                    {
                        client.BaseAddress = new(url.TrimEnd('/') + "/");
                    }
                }
            )
            // A command is not repeated, and the host has an address, not a name.
            .ConfigureAdditionalHttpMessageHandlers((handlers, _) => handlers.Clear());
        builder.Services.AddScoped<RegistryClient>();
        builder.Services.AddScoped<HostClient>();
        builder.Services.AddSingleton<ShelfMark>();
        builder.Services.AddScoped<LabShelf>();
        builder.Services.AddScoped<Checker>();
        builder.Services.AddScoped<NaiveServer>();
        builder.Services.AddSingleton<SituationWatch>();
        builder.Services.AddSingleton<FaultWindow>();
        builder.Services.AddSingleton<MeasurementFile>();
        builder.Services.AddSingleton<RunFolder>();
        builder.AddReplicas();
        builder.AddBuyers();
        builder.AddCrowd();
        builder.Services.AddSingleton<WireFaults>();
        builder.Services.AddSingleton<FaultInjector>();
        builder.Services.AddSingleton<BuyerGenerator>();
        builder.Services.AddSingleton<ModeSwitcher>();
        builder.Services.AddSingleton<ComparisonFile>();
        builder.Services.AddSingleton<ModeComparer>();
        builder.Services.AddSingleton<ShelfSweeper>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<ShelfSweeper>());
    }

    /// <summary>
    /// Both kinds of buyers, and their wires: by these the shop's servers are reached while an experiment is under way.
    /// </summary>
    /// <param name="builder">The application's builder.</param>
    internal static void AddBuyers(this WebApplicationBuilder builder)
    {
        builder
            .Services.AddHttpClient(NaiveBuyer.Client, client => client.Timeout = NaiveBuyer.Patience)
            // Neither looked up anew nor repeated: that is the point.
            .ConfigureAdditionalHttpMessageHandlers((handlers, _) => handlers.Clear());
        builder.Services.AddScoped<Buyer>();
        builder.Services.AddScoped<NaiveBuyer>();
        builder.Services.AddSingleton<BuyerWires>();
        foreach (var client in (string[])[StorefrontDefaults.ShopApi, nameof(ShopClient), NaiveBuyer.Client])
        {
            builder
                .Services.AddHttpClient(client)
                .ConfigurePrimaryHttpMessageHandler(
                    (handler, services) =>
                        ((SocketsHttpHandler)handler).ConnectCallback = services
                            .GetRequiredService<BuyerWires>()
                            .Connect
                );
        }
    }

    internal static void MapRedundancy(this WebApplication app)
    {
        app.MapLaboratory();
        app.MapReplicas();
        app.MapModes();
        app.MapComparisons();
        app.MapRunFiles();
    }
}
