using Microsoft.EntityFrameworkCore;
using Npgsql;
using Shop.Api.Data;

namespace Shop.Api.Storage.BasicImplementation;

/// <summary>
/// One server. A write is acknowledged when the primary has it on disk; what the disk loses, a backup brings back.
/// </summary>
internal sealed class BasicStorage : IStorageMode, IAsyncDisposable
{
    private readonly NpgsqlDataSource writing;
    private readonly NpgsqlDataSource reading;
    private readonly IDbContextFactory<ShopContext> writes;
    private readonly IDbContextFactory<ShopContext> reads;
    private readonly TimeProvider time;

    /// <summary>Makes the two pools; connects when first asked.</summary>
    /// <param name="options">Where the primary is.</param>
    /// <param name="services">Where logging is found.</param>
    public BasicStorage(StorageOptions options, IServiceProvider services)
    {
        time = services.GetRequiredService<TimeProvider>();
        writing = Source(options.ConnectionString, ShopDataSources.MaxWriteConnections, services);
        reading = Source(options.ConnectionString, ShopDataSources.MaxReadConnections, services);
        writes = ShopDataSources.Contexts(writing, QueryTrackingBehavior.TrackAll, services);
        reads = ShopDataSources.Contexts(reading, QueryTrackingBehavior.NoTracking, services);
    }

    public bool Replicated => false;

    public async ValueTask<ShopContext> OpenWrite(CancellationToken ct) => await writes.CreateDbContextAsync(ct);

    public async ValueTask<ReadSession> OpenRead(CancellationToken ct) => new(await reads.CreateDbContextAsync(ct));

    public void Acknowledged(CommitPosition position) { }

    /// <summary>Never: there is no other server.</summary>
    public Task Moved { get; } = new TaskCompletionSource().Task;

    public Task Recover(Exception error, Task moved, TimeSpan wait, CancellationToken ct) => Task.Delay(wait, time, ct);

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
