using Npgsql;

namespace Shop.Api.Storage.BasicImplementation;

/// <summary>
/// One server. A write is acknowledged when the primary has it on disk; what the disk loses, a backup brings back.
/// </summary>
internal sealed class BasicStorage : IStorageMode
{
    private const string Writes = "shop-writes";
    private const string Reads = "shop-reads";

    private readonly NpgsqlDataSource writing;
    private readonly NpgsqlDataSource reading;
    private readonly TimeProvider time;

    /// <summary>Takes the two pools; connects when first asked.</summary>
    /// <param name="services">Where they are found.</param>
    public BasicStorage(IServiceProvider services)
    {
        time = services.GetRequiredService<TimeProvider>();
        writing = services.GetRequiredKeyedService<NpgsqlDataSource>(Writes);
        reading = services.GetRequiredKeyedService<NpgsqlDataSource>(Reads);
    }

    public bool Replicated => false;

    public ValueTask<NpgsqlConnection> OpenWrite(CancellationToken ct) => writing.OpenConnectionAsync(ct);

    public async ValueTask<ReadSession> OpenRead(CancellationToken ct) => new(await reading.OpenConnectionAsync(ct));

    public void Acknowledged(CommitPosition position) { }

    /// <summary>Never: there is no other server.</summary>
    public Task Moved { get; } = new TaskCompletionSource().Task;

    public Task Replaced => Moved;

    public Task Recover(Exception error, Task moved, TimeSpan wait, CancellationToken ct)
    {
        if (Transience.IsStalePlan(error))
        {
            writing.Clear();
            reading.Clear();
        }

        return Task.Delay(wait, time, ct);
    }

    /// <summary>Adds the mode: waiting commits can use a pool up, so reads have their own.</summary>
    public static void Add(IHostApplicationBuilder builder, StorageOptions options)
    {
        AddSource(builder, Writes, options, ShopDataSources.MaxWriteConnections);
        AddSource(builder, Reads, options, ShopDataSources.MaxReadConnections);
        builder.Services.AddSingleton<IStorageMode, BasicStorage>();
    }

    private static void AddSource(
        IHostApplicationBuilder builder,
        string name,
        StorageOptions options,
        int maxConnections
    ) =>
        builder.AddKeyedNpgsqlDataSource(
            name,
            settings =>
            {
                settings.ConnectionString = ShopDataSources
                    .Settings(options.ConnectionString, maxConnections)
                    .ConnectionString;
                // The shop's own check knows of the tables too.
                settings.DisableHealthChecks = true;
            },
            ShopDataSources.NameSpans
        );
}
