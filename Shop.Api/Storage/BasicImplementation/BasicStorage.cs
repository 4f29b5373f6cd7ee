using Microsoft.EntityFrameworkCore;
using Npgsql;
using Shop.Api.Data;

namespace Shop.Api.Storage.BasicImplementation;

/// <summary>One server. A write is acknowledged when the primary has it on disk; what the disk loses, a backup brings back.</summary>
internal sealed class BasicStorage : IStorageMode, IAsyncDisposable
{
    private readonly NpgsqlDataSource writing;
    private readonly NpgsqlDataSource reading;
    private readonly IDbContextFactory<ShopContext> reads;
    private readonly TimeProvider time;

    /// <summary>Makes the two pools; connects when first asked.</summary>
    /// <param name="connectionString">The primary.</param>
    /// <param name="services">Where logging is found.</param>
    public BasicStorage(string connectionString, IServiceProvider services)
    {
        time = services.GetRequiredService<TimeProvider>();
        writing = Source(connectionString, ShopDataSources.MaxWriteConnections, services);
        reading = Source(connectionString, ShopDataSources.MaxReadConnections, services);
        Writes = ShopDataSources.Contexts(writing, QueryTrackingBehavior.TrackAll, services);
        reads = ShopDataSources.Contexts(reading, QueryTrackingBehavior.NoTracking, services);
    }

    public bool Replicated => false;

    public IDbContextFactory<ShopContext> Writes { get; }

    public async ValueTask<ShopContext> OpenRead(CancellationToken ct) => await reads.CreateDbContextAsync(ct);

    public Task Recover(Exception error, TimeSpan wait, CancellationToken ct) => Task.Delay(wait, time, ct);

    public async ValueTask DisposeAsync()
    {
        await writing.DisposeAsync();
        await reading.DisposeAsync();
    }

    private static NpgsqlDataSource Source(string connectionString, int maxConnections, IServiceProvider services)
    {
        var settings = ShopDataSources.Settings(connectionString, maxConnections);
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        builder.UseLoggerFactory(services.GetRequiredService<ILoggerFactory>());
        return builder.Build();
    }
}
