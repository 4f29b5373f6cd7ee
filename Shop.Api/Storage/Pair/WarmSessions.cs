using Npgsql;
using Workshop.ServiceDefaults.Loops;

namespace Shop.Api.Storage.Pair;

/// <summary>
/// Keeps some sessions open at each standby. They survive its promotion, so the first writes of the new primary find them:
/// else a dozen sessions are opened at that moment, at once, and each costs a process, a handshake made slow on purpose, and
/// the first look at every table.
/// </summary>
internal sealed class WarmSessions(
    DatabasePair pair,
    CurrentMode mode,
    SchemaGate schema,
    Background background,
    TimeProvider time,
    ILogger<WarmSessions> logger
) : BackgroundService
{
    /// <summary>Sessions that each pool keeps at the standby.</summary>
    public const int PerPool = 4;

    /// <summary>How soon lost ones are replaced, as after the standby was made anew.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Opens every table and its indexes, and reads no row.</summary>
    private const string Touch = "SELECT FROM products, orders, order_lines, cart_items, idempotency_keys LIMIT 0";

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        background.Loop("warm sessions", Go, stoppingToken);

    private async Task Go(CancellationToken stoppingToken)
    {
        await schema.Opened.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            if (!mode.IsPaired)
            {
                continue;
            }

            await Task.WhenAll(pair.Standbys.Select(standby => Keep(standby, stoppingToken)));
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task Keep(ServerSources standby, CancellationToken ct)
    {
        try
        {
            await Keep(standby.StandbyForWrites, ct);
            await Keep(standby.StandbyForReads, ct);
        }
        catch (Exception error) when (error is not OperationCanceledException || !ct.IsCancellationRequested)
        {
            // The standby is away, is being copied, or has not replayed the tables yet.
            LogMessages.NoWarmSessions(logger, error.Message);
        }
    }

    /// <summary>
    /// Holds so many at once, which the pool opens if it has not got them, and gives them back.
    /// </summary>
    private static async Task Keep(NpgsqlDataSource standby, CancellationToken ct)
    {
        var sessions = new List<NpgsqlConnection>(PerPool);
        try
        {
            while (sessions.Count < PerPool)
            {
                sessions.Add(await standby.OpenConnectionAsync(ct));
                await using var touch = new NpgsqlCommand(Touch, sessions[^1]);
                await touch.ExecuteNonQueryAsync(CancellationToken.None);
            }
        }
        finally
        {
            foreach (var session in sessions)
            {
                await session.DisposeAsync();
            }
        }
    }
}
