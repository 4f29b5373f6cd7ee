using System.Text.Json;
using Npgsql;
using Shop.Api.Data;
using Shop.Api.Storage.Pair;
using Workshop.ServiceDefaults.Files;
using Workshop.ServiceDefaults.Loops;

namespace Shop.Api.Storage.Receipts;

/// <summary>
/// After each change of the primary's timeline, also one that happened while this server was down, compares the receipts
/// with the new primary, by order id, and keeps the result beside them.
/// </summary>
internal sealed class FailoverExaminer : BackgroundService
{
    /// <summary>Acknowledgements of the old primary that are on their way get to the book meanwhile.</summary>
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(250);

    /// <summary>Looked at again this often even if nobody says that anything changed.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    /// <summary>Pause after a look that failed.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private const string FindSql = "SELECT id FROM orders WHERE id = ANY ($1)";

    /// <summary>Ids per query.</summary>
    private const int ChunkSize = 5_000;

    private readonly DatabasePair pair;
    private readonly ShopStorage storage;
    private readonly ReceiptBook book;
    private readonly Background background;
    private readonly TimeProvider time;
    private readonly ILogger<FailoverExaminer> logger;
    private readonly string? path;

    public FailoverExaminer(
        DatabasePair pair,
        ShopStorage storage,
        ReceiptBook book,
        StorageOptions options,
        Background background,
        TimeProvider time,
        ILogger<FailoverExaminer> logger
    )
    {
        (this.pair, this.storage, this.book) = (pair, storage, book);
        (this.background, this.time, this.logger) = (background, time, logger);
        path = options.DataDirectory is { } folder ? Path.Combine(folder, $"lost-{options.Instance}.json") : null;
        Last = Load(path, logger);
    }

    /// <summary>What the last failover cost by this server's receipts; null when it has seen none.</summary>
    public Examination? Last { get; private set; }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        background.Loop("receipts compared", Go, stoppingToken);

    private async Task Go(CancellationToken stoppingToken)
    {
        while (book.IsKept && !stoppingToken.IsCancellationRequested)
        {
            var change = pair.Moved;
            var wait = Interval;
            try
            {
                await Examine(stoppingToken);
            }
            catch (StorageUnavailableException)
            {
                wait = Pause;
            }

            await change.WaitAsync(wait, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Task.Delay(Settle, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Compares, if the timeline is another than that of the last comparison.</summary>
    private async Task Examine(CancellationToken ct)
    {
        var timeline = (uint)await storage.Read(Timeline, ct);
        if (timeline <= (Last?.Timeline ?? 1))
        {
            return;
        }

        var candidates = Examination.Candidates(book.Read(), Last, timeline);
        var found = new HashSet<Guid>();
        foreach (var chunk in candidates.Select(receipt => receipt.OrderId).Distinct().Chunk(ChunkSize))
        {
            found.UnionWith(await storage.Read((connection, token) => Find(connection, chunk, token), ct));
        }

        Last = Examination.Compare(candidates, found, timeline, time.GetUtcNow());
        Keep(Last);
        LogMessages.FailoverExamined(logger, timeline, Last.Compared, Last.Lost.Count);
    }

    /// <summary>A read outside a request is the primary's.</summary>
    private static async Task<long> Timeline(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = connection.Command($"SELECT {WrittenTimeline.Sql}");
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>Those of <paramref name="orders"/> that are there.</summary>
    private static async Task<List<Guid>> Find(NpgsqlConnection connection, Guid[] orders, CancellationToken ct)
    {
        await using var command = connection.Command(FindSql, Statements.Value(orders));
        await using var reader = await command.ExecuteReaderAsync(ct);
        var found = new List<Guid>(orders.Length);
        while (await reader.ReadAsync(ct))
        {
            found.Add(reader.GetGuid(0));
        }

        return found;
    }

    /// <summary>What cannot be kept is still shown.</summary>
    private void Keep(Examination examination)
    {
        if (path is not null)
        {
            var content = JsonSerializer.SerializeToUtf8Bytes(examination, ReceiptJson.Default.Examination);
            StateFile.TryWrite(path, content, logger);
        }
    }

    /// <summary>One that cannot be read is made again, by the receipts.</summary>
    private static Examination? Load(string? path, ILogger logger) =>
        path is null
            ? null
            : StateFile.Read(
                path,
                content => JsonSerializer.Deserialize(content, ReceiptJson.Default.Examination),
                logger
            );
}
