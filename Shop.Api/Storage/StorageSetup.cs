using Shop.Api.Storage.AsynchronousReplication;
using Shop.Api.Storage.BasicImplementation;
using Shop.Api.Storage.Facts;
using Shop.Api.Storage.Pair;
using Shop.Api.Storage.Receipts;
using Shop.Api.Storage.SynchronousMirroring;

namespace Shop.Api.Storage;

/// <summary>Adds the storage: the modes, and what they have in common.</summary>
public static class StorageSetup
{
    /// <summary>
    /// Adds the storage, the start of the schema, and readiness. With one server the mode is basic for good; with two it is what
    /// the conductor publishes.
    /// </summary>
    /// <param name="builder">The application's builder.</param>
    /// <exception cref="InvalidOperationException">A variable of the host is missing or malformed.</exception>
    public static void AddStorage(this IHostApplicationBuilder builder)
    {
        var options = StorageOptions.Read(builder);
        var services = builder.Services;
        services.AddSingleton(options);
        builder.AddMigration(options);
        if (!options.HasStandby)
        {
            services.AddSingleton(new CurrentMode(options));
            BasicStorage.Add(builder, options);
        }
        else
        {
            services.AddPair(options);
        }

        services.AddSingleton<SchemaGate>();
        services.AddSingleton<AbandonedCommits>();
        services.AddSingleton<RowWaits>();
        services.AddSingleton(provider => new ReceiptBook(
            options.HasStandby ? options.DataDirectory : null,
            options.Instance,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ReceiptBook>>()
        ));
        services.AddSingleton<DatabaseClock>();
        services.AddSingleton<DiskWatch>();
        services.AddSingleton<Silence>();
        services.AddHostedService<ClockWatch>();
        services.AddSingleton<DatabaseTurns>();
        services.AddSingleton<ShopStorage>();
        services.AddHostedService<SchemaStartup>();
        services.AddSingleton<StorageHealth>();
        services.AddHealthChecks().AddCheck<StorageHealth>("storage");
        services.AddStorageFacts();
    }

    /// <summary>
    /// Maps <c>GET /storage</c>, and has responses carry what the mode wants carried. Before the features' routes.
    /// </summary>
    /// <param name="app">The application.</param>
    public static void MapStorage(this WebApplication app)
    {
        if (app.Services.GetService<ReadTokens>() is { } tokens)
        {
            app.Use(tokens.Carry);
        }

        app.MapStorageFacts();
    }

    private static void AddPair(this IServiceCollection services, StorageOptions options)
    {
        services.AddSingleton(provider => new DatabasePair(options, provider));
        services.AddSingleton(provider => new CurrentMode(options, provider.GetRequiredService<DatabasePair>()));
        services.AddHttpContextAccessor();
        services.AddSingleton<ReadTokens>();
        services.AddSingleton<LonePrimaryStorage>();
        services.AddSingleton<SynchronousStorage>();
        services.AddSingleton<ReplicatedStorage>();
        services.AddSingleton<IStorageMode>(provider => new ModeSwitch(
            provider.GetRequiredService<CurrentMode>(),
            new Dictionary<StorageMode, IStorageMode>
            {
                [StorageMode.Basic] = provider.GetRequiredService<LonePrimaryStorage>(),
                [StorageMode.Synchronous] = provider.GetRequiredService<SynchronousStorage>(),
                [StorageMode.Asynchronous] = provider.GetRequiredService<ReplicatedStorage>(),
            }
        ));
        services.AddHostedService<PairFollower>();
        services.AddHostedService<WarmSessions>();
        services.AddSingleton<FailoverExaminer>();
        services.AddHostedService(provider => provider.GetRequiredService<FailoverExaminer>());
    }
}
