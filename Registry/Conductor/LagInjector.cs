using Npgsql;

namespace Registry.Conductor;

/// <summary>
/// Holds the replica back on purpose, so that the price of asynchronous replication can be seen. Its
/// <c>primary_conninfo</c> is taken away and given back in turn: it then receives the log in batches, each up to so many
/// milliseconds late, and what it has not received is truly lost when the primary dies. (<c>recovery_min_apply_delay</c>
/// would delay the replay only: the log would be there, and no order ever lost.)
/// </summary>
internal sealed class LagInjector(TimeProvider time, Journal journal)
{
    /// <summary>Most that may be asked for.</summary>
    public const int MaxMilliseconds = 60_000;

    private const string Setting = "primary_conninfo";
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);

    /// <summary>Longest time that a batch may take to arrive before the replica is held back again.</summary>
    private static readonly TimeSpan CatchUpTimeout = TimeSpan.FromSeconds(10);

    private volatile int milliseconds;
    private (DatabaseServer Standby, string Connection)? held;

    /// <summary>How far behind, at most, the replica is held; 0 for not at all.</summary>
    public int Milliseconds
    {
        get => milliseconds;
        set => milliseconds = value;
    }

    /// <summary>Whether the replica is, or is to be, held back.</summary>
    public bool IsActive => milliseconds > 0 || held is not null;

    /// <summary>Holds and lets go until told to stop; then lets go.</summary>
    public async Task Run(Func<(DatabaseServer Standby, ServerProbe Primary)?> target, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                if (milliseconds > 0 && target() is var (standby, primary))
                {
                    await Hold(standby, ct);
                    await Wait(TimeSpan.FromMilliseconds(milliseconds), () => milliseconds == 0, ct);
                    await LetGo(ct);
                    var goal = primary.State.Answer?.Position;
                    // Nothing comes any more from a server that is no longer the primary.
                    await Wait(
                        CatchUpTimeout,
                        () => primary.State.Answer?.StandbyPosition >= goal || target()?.Primary != primary,
                        ct
                    );
                }
                else
                {
                    await LetGo(ct);
                }
            }
            catch (Exception error) when (error is NpgsqlException or TimeoutException)
            {
                // The replica died or was promoted: what it was held by died with its role.
                journal.Note("The injected lag", error.Message);
                held = null;
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                break;
            }

            await Task.Delay(Tick, time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (held is { } left)
        {
            await left.Standby.SetAndReload(Setting, left.Connection, CancellationToken.None);
        }
    }

    private async Task Hold(DatabaseServer standby, CancellationToken ct)
    {
        if (held is null && await standby.Read(Setting, ct) is { Length: > 0 } connection)
        {
            held = (standby, connection);
            await standby.SetAndReload(Setting, "", ct);
        }
    }

    private async Task LetGo(CancellationToken ct)
    {
        if (held is var (standby, connection))
        {
            await standby.SetAndReload(Setting, connection, ct);
            held = null;
        }
    }

    private async Task Wait(TimeSpan longest, Func<bool> isOver, CancellationToken ct)
    {
        var started = time.GetTimestamp();
        while (!isOver() && time.GetElapsedTime(started) < longest)
        {
            await Task.Delay(Tick, time, ct);
        }
    }
}
