using Consensus.Mechanism;
using Consensus.Networks;

namespace Consensus.Members;

/// <summary>
/// Single questions of one network on their way to one member. While as many as allowed are under way the next ones wait,
/// and then go together as one request: under load a member is asked once for many rows, and alone a row waits for nothing.
/// </summary>
internal sealed class MemberLine(MemberGateway gateway, Schema schema, int requestsAtOnce)
{
    /// <summary>Rows that go together at most.</summary>
    private const int RowsAtOnce = 64;

    private readonly Lock gate = new();

    private readonly Queue<Waiting> waiting = [];

    private int underWay;

    /// <summary>Asks one row; never throws for what the member does.</summary>
    /// <param name="member">Whom; one that takes batches.</param>
    /// <param name="line">The row.</param>
    /// <param name="question">The row as <see cref="MemberGateway.QuestionOf"/> writes it.</param>
    /// <param name="deadline">Ends when the answer is late, waiting included.</param>
    internal Task<Reply> Ask(Member member, string line, string question, CancellationToken deadline)
    {
        lock (gate)
        {
            if (underWay >= requestsAtOnce)
            {
                var place = new Waiting(member, line, deadline);
                waiting.Enqueue(place);
                return InTime(place);
            }

            underWay++;
        }

        return AskAlone(member, question, deadline);
    }

    private async Task<Reply> AskAlone(Member member, string question, CancellationToken deadline)
    {
        var reply = await gateway.Ask(member, schema.Network, question, deadline);
        GoOn();
        return reply;
    }

    /// <summary>A request has come back: what gathered meanwhile goes now.</summary>
    private void GoOn()
    {
        var rows = new List<Waiting>();
        lock (gate)
        {
            while (rows.Count < RowsAtOnce && waiting.TryDequeue(out var next))
            {
                // The late have been told so.
                if (!next.Deadline.IsCancellationRequested)
                {
                    rows.Add(next);
                }
            }

            if (rows.Count == 0)
            {
                underWay--;
                return;
            }
        }

        _ = AskTogether(rows);
    }

    private async Task AskTogether(List<Waiting> rows)
    {
        var lines = rows.Select(row => row.Line).ToArray();
        var reply = await gateway.AskMany(rows[0].Member, schema, lines, CancellationToken.None);
        for (var row = 0; row < rows.Count; row++)
        {
            var answer = reply.Rows[row];
            rows[row].Answer.SetResult(new([answer], answer.IsEmpty ? reply.Miss : null));
        }

        GoOn();
    }

    private static async Task<Reply> InTime(Waiting place)
    {
        try
        {
            return await place.Answer.Task.WaitAsync(place.Deadline);
        }
        catch (OperationCanceledException)
        {
            return Reply.Missed(1, MemberGateway.Late);
        }
    }

    /// <summary>A row that waits for its turn.</summary>
    private sealed record Waiting(Member Member, string Line, CancellationToken Deadline)
    {
        internal TaskCompletionSource<Reply> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
