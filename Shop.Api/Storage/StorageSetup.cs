using Shop.Api.Storage.AsynchronousReplication;
using Shop.Api.Storage.BasicImplementation;
using Shop.Api.Storage.Facts;
using Shop.Api.Storage.Pair;
using Shop.Api.Storage.Receipts;
using Shop.Api.Storage.SynchronousMirroring;

namespace Shop.Api.Storage;

/// <summary>The one place that switches on the storage mode.</summary>
public static class StorageSetup
{
    /// <summary>Adds the storage mode that the host chose, the start of the schema, and readiness.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <exception cref="InvalidOperationException">A variable of the host is missing or malformed.</exception>
    public static void AddStorage(this IHostApplicationBuilder builder)
    {
        var options = StorageOptions.Read(builder);
        var services = builder.Services;
        services.AddSingleton(options);
        builder.AddMigration(options);
        switch (options.Mode)
        {
            case StorageMode.Basic:
                BasicStorage.Add(builder, options);
                break;
            case StorageMode.Synchronous:
                services.AddPair(options);
                services.AddSingleton<IStorageMode, SynchronousStorage>();
                break;
            case StorageMode.Asynchronous:
                services.AddPair(options);
                services.AddHttpContextAccessor();
                services.AddSingleton<ReadTokens>();
                services.AddSingleton<IStorageMode, ReplicatedStorage>();
                break;
            default:
                throw new InvalidOperationException($"No storage mode {options.Mode}.");
        }

        services.AddSingleton<SchemaGate>();
        services.AddSingleton<AbandonedCommits>();
        services.AddSingleton(provider => new ReceiptBook(
            options.Standby is null ? null : options.DataDirectory,
            options.Instance,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ReceiptBook>>()
        ));
        services.AddSingleton<DatabaseClock>();
        services.AddSingleton<DiskWatch>();
        services.AddHostedService<ClockWatch>();
        services.AddSingleton<ReadTurns>();
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
        if (app.Services.GetRequiredService<StorageOptions>().Mode == StorageMode.Asynchronous)
        {
            app.Use(app.Services.GetRequiredService<ReadTokens>().Carry);
        }

        app.MapStorageFacts();
    }

    private static void AddPair(this IServiceCollection services, StorageOptions options)
    {
        services.AddSingleton(provider => new DatabasePair(options.ConnectionString, options.Standby!, provider));
        services.AddHostedService<PairFollower>();
        services.AddHostedService<WarmSessions>();
        services.AddSingleton<FailoverExaminer>();
        services.AddHostedService(provider => provider.GetRequiredService<FailoverExaminer>());
    }
}
