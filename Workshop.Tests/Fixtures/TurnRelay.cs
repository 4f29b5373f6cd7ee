using System.Net.Sockets;
using System.Text;

namespace Workshop.Tests.Fixtures;

/// <summary>
/// Keeps what clients said, turn by turn: all that a client sends between two answers is one turn, so turns are round trips.
/// </summary>
/// <param name="server">The server's port.</param>
internal sealed class TurnRelay(int server) : Relay(server)
{
    private readonly Lock gate = new();
    private readonly List<List<StringBuilder>> sessions = [];

    /// <summary>The turns of each session so far, as Latin-1.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Sessions
    {
        get
        {
            lock (gate)
            {
                return [.. sessions.Select(turns => turns.Select(turn => turn.ToString()).ToArray())];
            }
        }
    }

    protected override async Task Serve(NetworkStream client, NetworkStream answering, CancellationToken ct)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var turns = new List<StringBuilder>();
        lock (gate)
        {
            sessions.Add(turns);
        }

        var answered = true;
        var asked = HandOn(
            client,
            answering,
            piece =>
                Note(() =>
                {
                    if (answered)
                    {
                        turns.Add(new());
                        answered = false;
                    }

                    turns[^1].Append(Encoding.Latin1.GetString(piece.Span));
                }),
            ended.Token
        );
        var told = HandOn(answering, client, _ => Note(() => answered = true), ended.Token);
        // The side that ends first ends the session for both.
        await Task.WhenAny(asked, told);
        await ended.CancelAsync();
        await Task.WhenAll(asked, told).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private Task Note(Action note)
    {
        lock (gate)
        {
            note();
        }

        return Task.CompletedTask;
    }
}
