using Workshop.Ledger.Networks;

namespace Consensus.Clients;

/// <summary>A member that knows <c>GET /{network}/predict</c> alone: one request a row, some of them at once.</summary>
/// <param name="url">Of the member.</param>
/// <param name="schema">Which network.</param>
/// <param name="transport">Sends.</param>
/// <param name="requestsAtOnce">While many rows are asked.</param>
internal sealed class PredictClient(string url, Schema schema, PredictorTransport transport, int requestsAtOnce)
    : IPredictorClient
{
    public Task<Reply> Ask(RowQuestion row, CancellationToken deadline) =>
        transport.AskRow(url, schema.Network, row, deadline);

    public async Task<IReadOnlyList<Reply>> AskAll(IReadOnlyList<string> lines, CancellationToken ct)
    {
        var replies = new Reply[lines.Count];
        await Parallel.ForAsync(
            0,
            lines.Count,
            new ParallelOptions { MaxDegreeOfParallelism = requestsAtOnce, CancellationToken = ct },
            async (row, stop) =>
            {
                using var deadline = transport.StartDeadline(stop);
                replies[row] = await Ask(RowQuestion.Of(schema, lines[row]), deadline.Token);
            }
        );
        return replies;
    }

    public Task WarmUp(RowQuestion row, CancellationToken limit) => Ask(row, limit);
}
