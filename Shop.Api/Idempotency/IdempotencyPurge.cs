using Npgsql;
using Shop.Api.Data;
using Shop.Api.Storage;
using Workshop.ServiceDefaults.Errors;
using static Shop.Api.Data.Statements;

namespace Shop.Api.Idempotency;

/// <summary>How long outcomes are kept.</summary>
public sealed record IdempotencyOptions
{
    /// <summary>Name of the section in the configuration.</summary>
    public const string Section = "Shop:Idempotency";

    /// <summary>Age from which a key may be used anew. A client that retries does so within minutes.</summary>
    public TimeSpan KeptFor { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Time between two purges of one server.</summary>
    public TimeSpan PurgeEvery { get; init; } = TimeSpan.FromMinutes(10);
}

/// <summary>Deletes old outcomes, a bounded number at a time, so that the table does not grow for ever.</summary>
internal sealed class IdempotencyPurge(
    ShopStorage storage,
    IdempotencyOptions options,
    TimeProvider time,
    ILogger<IdempotencyPurge> logger
) : BackgroundService
{
    /// <summary>Most rows of one statement; short enough to hold nobody up.</summary>
    private const int RowsPerStatement = 1000;

    /// <summary>Most statements of one purge; the next one goes on.</summary>
    private const int StatementsPerPurge = 100;

    /// <summary>
    /// Two servers that purge at once skip what the other one has. What is old is the database's to say: a server whose clock
    /// is days ahead would delete keys that are still in use.
    /// </summary>
    private const string PurgeSql = """
        DELETE FROM idempotency_keys WHERE (scope, key) IN (
            SELECT scope, key FROM idempotency_keys WHERE created_at < now() - $1
            ORDER BY created_at LIMIT $2 FOR UPDATE SKIP LOCKED)
        """;

    /// <summary>Deletes what is old now.</summary>
    /// <param name="ct">Ends the purge.</param>
    /// <returns>How many rows went.</returns>
    public async Task<int> Purge(CancellationToken ct)
    {
        var purged = 0;
        for (var statement = 0; statement < StatementsPerPurge; statement++)
        {
            var rows = await storage.Write(
                async (context, token) =>
                {
                    await using var command = (await context.Open(token)).Command(
                        PurgeSql,
                        Value(options.KeptFor),
                        Value(RowsPerStatement)
                    );
                    return await command.ExecuteNonQueryAsync(token);
                },
                ct
            );
            purged += rows;
            if (rows < RowsPerStatement)
            {
                break;
            }
        }

        return purged;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.PurgeEvery, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                LogMessages.KeysPurged(logger, await Purge(stoppingToken));
            }
            catch (Exception error) when (error is ServiceUnavailableException or NpgsqlException)
            {
                LogMessages.PurgeFailed(logger, error);
            }
        }
    }
}
