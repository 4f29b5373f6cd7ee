using System.Net.Sockets;
using Npgsql;
using Registry.Conductor.StateMachine;
using Registry.Leases;
using Workshop.ServiceDefaults.Loops;

namespace Registry.Conductor;

/// <summary>Asks one server every 50 ms, on a connection that is kept, how it is.</summary>
internal sealed class ServerProbe(
    DatabaseServer server,
    IProbeQuestion question,
    SteadyClock clock,
    Background background,
    System.Action changed
) : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <summary>How soon an idle probe finds that the server is wanted.</summary>
    private static readonly TimeSpan IntervalWhenIdle = TimeSpan.FromMilliseconds(200);

    /// <summary>Longest time that an answer is waited for.</summary>
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(1);

    /// <summary>
    /// A server that has not answered by then is suspect, and looked at more often: it is found down when its second is
    /// over and not some look later. An answer that comes until then still counts.
    /// </summary>
    private static readonly TimeSpan SuspectAfter = TimeSpan.FromMilliseconds(800);

    /// <summary>Who is refused knows at once, and who waited for nothing has waited long enough.</summary>
    private static readonly TimeSpan IntervalWhenLost = TimeSpan.FromMilliseconds(15);

    /// <summary>Until it is down: what was lost is known for sure within milliseconds.</summary>
    private static readonly TimeSpan IntervalWhenSuspect = TimeSpan.FromMilliseconds(3);

    /// <summary>
    /// What was last known is unknown from then on. A probe and a connection take at most a second each, so this is a probe that
    /// has stopped, and a frozen state must neither fence a server nor keep one that is gone.
    /// </summary>
    private static readonly TimeSpan StaleAfter = TimeSpan.FromSeconds(5);

    /// <summary>A pause that is shorter is only waited for.</summary>
    private static readonly TimeSpan ShortestWatch = TimeSpan.FromMilliseconds(5);

    private readonly Lock gate = new();
    private ProbeState state = ProbeState.Unknown;
    private DateTimeOffset takenAt = clock.Now;
    private DateTimeOffset expectedAt;
    private NpgsqlConnection? connection;

    /// <summary>The detour by which the connection was made.</summary>
    private int? taken;
    private volatile bool isIdle;

    /// <summary>The server that is probed.</summary>
    public DatabaseServer Server => server;

    /// <summary>The storage mode does not have the server, so it is not probed, and unknown.</summary>
    public bool IsIdle
    {
        get => isIdle;
        set => isIdle = value;
    }

    /// <summary>What is known now.</summary>
    public ProbeState State
    {
        get
        {
            lock (gate)
            {
                return clock.Now - takenAt < StaleAfter ? state : state with { Reach = Reach.Unknown };
            }
        }
    }

    /// <summary>
    /// The caller has seen that the server takes writes now. Answers to probes that were asked before do not count.
    /// </summary>
    public void NotePromoted()
    {
        lock (gate)
        {
            expectedAt = clock.Now;
            if (state.Answer is { } answer)
            {
                state = state with
                {
                    Answer = answer with { IsInRecovery = false, IsNamed = false, IsStreaming = false },
                };
            }
        }
    }

    /// <summary>
    /// The host has seen the server answer after a start: its silence begins anew, and the first probe may take its time.
    /// </summary>
    public void NoteStarted()
    {
        lock (gate)
        {
            takenAt = clock.Now;
            state = state with { Reach = Reach.Starting, RefusedInARow = 0, LastAnswerAt = takenAt };
        }
    }

    /// <summary>Probes until told to stop.</summary>
    public async Task Run(CancellationToken ct)
    {
        var asked = clock.Now;
        try
        {
            while (!ct.IsCancellationRequested)
            {
                asked = clock.Now;
                if (isIdle)
                {
                    Take((Reach.Unknown, null), asked);
                    Abandon();
                    await Task.Delay(IntervalWhenIdle, clock.Time, ct);
                    continue;
                }

                var met = await Ask(asked, ct);
                Take(met, asked);
                changed();
                await Rest(Pause(State) - (clock.Now - asked), ct);
            }
        }
        catch (Exception error) when (error is not OperationCanceledException || !ct.IsCancellationRequested)
        {
            // A fault of ours says nothing of the server.
            Take((Reach.Unknown, null), asked);
            Abandon();
            throw;
        }
    }

    /// <summary>Ends the probe's connection and the server's sessions.</summary>
    public async ValueTask DisposeAsync()
    {
        await Quietly(connection?.DisposeAsync() ?? ValueTask.CompletedTask);
        await server.DisposeAsync();
    }

    private static async Task Quietly(ValueTask end)
    {
        try
        {
            await end;
        }
        catch (NpgsqlException)
        {
            // A server that died meanwhile says no goodbye.
        }
    }

    private static TimeSpan Pause(ProbeState met) =>
        met switch
        {
            { Reach: Reach.Silent } => IntervalWhenSuspect,
            { Reach: Reach.Refused, RefusedInARow: < Limits.RefusalsToBeDown } => IntervalWhenSuspect,
            { Reach: Reach.Refused } => IntervalWhenLost,
            _ => Interval,
        };

    /// <summary>
    /// The pause between two probes. It ends at once when the server closes the connection: of a primary that was killed half
    /// an interval would pass unnoticed.
    /// </summary>
    private async Task Rest(TimeSpan left, CancellationToken ct)
    {
        if (connection is null || left < ShortestWatch)
        {
            await Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, clock.Time, ct);
            return;
        }

        try
        {
            // Nothing is listened to, so what comes is the end of the connection, which the next probe meets too.
            await connection.WaitAsync(left, ct);
        }
        catch (Exception error) when (error is NpgsqlException or IOException or SocketException)
        {
            Abandon();
        }
    }

    private void Take((Reach Reach, ProbeAnswer? Answer) met, DateTimeOffset asked)
    {
        lock (gate)
        {
            takenAt = clock.Now;
            if (asked < expectedAt)
            {
                return;
            }

            var isAlive = met.Reach is Reach.Answers or Reach.Starting;
            state = new(
                met.Reach,
                met.Reach is Reach.Refused ? state.RefusedInARow + 1 : 0,
                isAlive ? asked : state.LastAnswerAt,
                met.Reach is Reach.Answers ? (clock.Now - asked) : state.Latency,
                met.Answer ?? state.Answer
            );
        }
    }

    private async Task<(Reach Reach, ProbeAnswer? Answer)> Ask(DateTimeOffset asked, CancellationToken ct)
    {
        var isIn = false;
        try
        {
            var way = server.Detour;
            if (connection is not null && way != taken)
            {
                Abandon();
            }

            if (connection is null)
            {
                (connection, taken) = (new(server.ProbeConnectionString(way)), way);
                await connection.OpenAsync(ct);
                await server.WarmUp(ct);
            }

            isIn = true;
            var answer = question.Ask(connection, ct);
            using (var answered = CancellationTokenSource.CreateLinkedTokenSource(ct))
            {
                var late = Task.Delay(SuspectAfter, clock.Time, answered.Token);
                if (await Task.WhenAny(answer, late) == late)
                {
                    Take((Reach.Silent, null), asked);
                    changed();
                }

                await answered.CancelAsync();
            }

            return (Reach.Answers, await answer.WaitAsync(AnswerTimeout - SuspectAfter, clock.Time, ct));
        }
        catch (Exception error) when (error is NpgsqlException or TimeoutException or IOException or SocketException)
        {
            Abandon();
            return (Read(error, isIn), null);
        }
    }

    /// <summary>
    /// What an error says of the server. An error that it sent itself is a sign of life; but one that lets nobody in because it
    /// cannot read its own files (classes XX and 58) is no waiting's to mend.
    /// </summary>
    private static Reach Read(Exception error, bool isIn) =>
        error switch
        {
            PostgresException { SqlState: ['X', 'X', ..] or ['5', '8', ..] } when !isIn => Reach.Damaged,
            PostgresException => Reach.Starting,
            { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } } => Reach.Refused,
            // No answer in time, or a connection that broke: how long this goes on decides.
            _ => Reach.Silent,
        };

    /// <summary>
    /// Lets go of a connection without waiting: a server that hangs answers no goodbye either, and it is closed at the latest
    /// when the server's processes end. The sessions for commands broke with it.
    /// </summary>
    private void Abandon()
    {
        server.ForgetSessions();
        if (connection is { } old)
        {
            connection = null;
            background.Once(
                $"the end of a session with {server.Name}",
                () => Task.Run(() => Quietly(old.DisposeAsync()))
            );
        }
    }
}
