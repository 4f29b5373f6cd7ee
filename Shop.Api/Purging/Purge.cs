using Npgsql;
using Shop.Api.Data;
using Shop.Api.Storage;
using Workshop.ServiceDefaults.Errors;
using Workshop.ServiceDefaults.Loops;
using static Shop.Api.Data.Statements;

namespace Shop.Api.Purging;

/// <summary>What is deleted once it is old.</summary>
/// <param name="What">For people, for example <c>idempotency keys</c>.</param>
/// <param name="Sql">
/// Deletes rows older than $1, at most $2 of them, and skips locked ones: two servers may purge at once. What is old is the
/// database's to say: a server whose clock is days ahead would delete what is still in use.
/// </param>
/// <param name="KeptFor">Age from which a row goes.</param>
/// <param name="Every">Time between two purges of one server.</param>
internal sealed record PurgePlan(string What, string Sql, TimeSpan KeptFor, TimeSpan Every);

/// <summary>Deletes old rows, a bounded number at a time, so that no table grows for ever.</summary>
internal abstract class Purge(
    ShopStorage storage,
    PurgePlan plan,
    Background background,
    TimeProvider time,
    ILogger logger
) : BackgroundService
{
    /// <summary>Most rows of one statement; short enough to hold nobody up.</summary>
    private const int RowsPerStatement = 1000;

    /// <summary>Most statements of one purge; the next one goes on.</summary>
    private const int StatementsPerPurge = 100;

    /// <summary>Deletes what is old now.</summary>
    /// <param name="ct">Ends the purge.</param>
    /// <returns>How many rows went.</returns>
    public async Task<int> Run(CancellationToken ct)
    {
        var purged = 0;
        for (var statement = 0; statement < StatementsPerPurge; statement++)
        {
            var rows = await storage.Write(
                new WriteTransaction<int>(
                    async (connection, token) =>
                    {
                        await using var command = connection.Command(
                            plan.Sql,
                            Value(plan.KeptFor),
                            Value(RowsPerStatement)
                        );
                        return await command.ExecuteNonQueryAsync(token);
                    }
                ),
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

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        background.Loop(plan.What, Go, stoppingToken);

    private async Task Go(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(plan.Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                LogMessages.Purged(logger, plan.What, await Run(stoppingToken));
            }
            catch (Exception error) when (error is ServiceUnavailableException or NpgsqlException)
            {
                LogMessages.PurgeFailed(logger, plan.What, error);
            }
        }
    }
}
