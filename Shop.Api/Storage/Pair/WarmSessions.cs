using Npgsql;
using Workshop.ServiceDefaults.Loops;

namespace Shop.Api.Storage.Pair;

/// <summary>
/// Keeps sessions open at each standby, for half of the writes and most of the reads of this server. They survive its promotion,
/// so the work that waits for the new primary finds them: else all are opened at that moment, at once, and each costs a process,
/// a handshake made slow on purpose, and the first look at every table.
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
    /// <summary>Sessions that the pool of writes keeps at the standby: each begins two writes before others are there.</summary>
    internal const int ForWrites = ShopDataSources.MaxWrites / 2;

    /// <summary>Those of reads: all but some, so that to look after them leaves some to those who read at a replica.</summary>
    internal const int ForReads = ShopDataSources.MaxReadConnections - 2;

    /// <summary>
    /// New ones of a pool in each round. Few, for the machine has other work while a server comes back.
    /// </summary>
    private const int NewInRound = 4;

    /// <summary>Pause between two rounds, until all are there.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>How soon lost ones are noticed, as after the standby was made anew.</summary>
    private static readonly TimeSpan LongPause = TimeSpan.FromSeconds(3);

    /// <summary>Opens every table and its indexes, and reads no row.</summary>
    private const string Touch = "SELECT FROM products, orders, order_lines, cart_items, idempotency_keys LIMIT 0";

    /// <summary>Processes that are remembered; beyond that it begins anew.</summary>
    private const int MostSeen = 1_000;

    private readonly Dictionary<NpgsqlDataSource, HashSet<int>> known = [];

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        background.Loop("warm sessions", Go, stoppingToken);

    private async Task Go(CancellationToken stoppingToken)
    {
        await schema.Opened.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            var complete = true;
            foreach (var standby in mode.IsPaired ? pair.Standbys : [])
            {
                complete &= await Keep(standby, stoppingToken);
            }

            await Task.Delay(complete ? LongPause : Pause, time, stoppingToken);
        }
    }

    private async Task<bool> Keep(ServerSources standby, CancellationToken ct)
    {
        try
        {
            var writes = await Keep(standby.StandbyForWrites, ForWrites, ct);
            var reads = await Keep(standby.StandbyForReads, ForReads, ct);
            return writes && reads;
        }
        catch (Exception error) when (error is not OperationCanceledException || !ct.IsCancellationRequested)
        {
            // The standby is away, is being copied, or has not replayed the tables yet.
            LogMessages.NoWarmSessions(logger, error.Message);
            return false;
        }
    }

    /// <summary>
    /// Holds many at once, of which the pool opens those that it has not got, and gives them back.
    /// </summary>
    /// <returns>Whether the pool has all of them.</returns>
    private async Task<bool> Keep(NpgsqlDataSource standby, int wanted, CancellationToken ct)
    {
        var seen = Seen(standby);
        var sessions = new List<NpgsqlConnection>(wanted);
        var added = 0;
        try
        {
            while (sessions.Count < wanted && added < NewInRound)
            {
                sessions.Add(await standby.OpenConnectionAsync(ct));
                if (seen.Add(sessions[^1].ProcessID))
                {
                    added++;
                    await using var touch = new NpgsqlCommand(Touch, sessions[^1]);
                    await touch.ExecuteNonQueryAsync(CancellationToken.None);
                }
            }

            return sessions.Count == wanted;
        }
        finally
        {
            foreach (var session in sessions)
            {
                await session.DisposeAsync();
            }
        }
    }

    /// <summary>
    /// The processes of the sessions that a pool was seen to have; of a server that was made anew they are others.
    /// </summary>
    private HashSet<int> Seen(NpgsqlDataSource standby)
    {
        if (!known.TryGetValue(standby, out var seen))
        {
            known[standby] = seen = [];
        }

        if (seen.Count > MostSeen)
        {
            seen.Clear();
        }

        return seen;
    }
}
