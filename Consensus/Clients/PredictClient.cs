using Workshop.Ledger.Networks;

namespace Consensus.Clients;

/// <summary>
/// A member that knows <c>GET /{network}/predict</c> alone: one request a row, some of them at once. Once as many in a row
/// were late as are under way at once, the rest is late without being asked: a member that hangs does not hold up a batch.
/// A member that answers, and whose rows are too many for the time of a batch, is not late with those that it was not asked.
/// </summary>
/// <param name="url">Of the member.</param>
/// <param name="schema">Which network.</param>
/// <param name="transport">Sends.</param>
/// <param name="requestsAtOnce">While many rows are asked.</param>
internal sealed class PredictClient(string url, Schema schema, PredictorTransport transport, int requestsAtOnce)
    : IPredictorClient
{
    /// <summary>Nothing more is asked then: others wait for the batch.</summary>
    private static readonly TimeSpan LongestAll = TimeSpan.FromSeconds(5);

    public Task<Reply> Ask(RowQuestion row, CancellationToken deadline) =>
        transport.AskRow(url, schema.Network, row, deadline);

    public async Task<IReadOnlyList<Reply>> AskAll(IReadOnlyList<string> lines, CancellationToken ct)
    {
        var replies = new Reply[lines.Count];
        var lateInARow = 0;
        using var all = transport.StartLimit(LongestAll);
        await Parallel.ForAsync(
            0,
            lines.Count,
            new ParallelOptions { MaxDegreeOfParallelism = requestsAtOnce, CancellationToken = ct },
            async (row, stop) =>
            {
                if (Volatile.Read(ref lateInARow) >= requestsAtOnce)
                {
                    replies[row] = Reply.Missed(Reply.Late);
                    return;
                }

                if (all.IsCancellationRequested)
                {
                    replies[row] = Reply.Unasked;
                    return;
                }

                using var deadline = transport.StartDeadline(stop);
                replies[row] = await Ask(RowQuestion.Of(schema, lines[row]), deadline.Token);
                if (replies[row].Miss is Reply.Late)
                {
                    Interlocked.Increment(ref lateInARow);
                }
                else
                {
                    Volatile.Write(ref lateInARow, 0);
                }
            }
        );
        return replies;
    }

    public Task WarmUp(RowQuestion row, CancellationToken limit) => Ask(row, limit);
}
