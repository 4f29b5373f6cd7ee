using Workshop.Ledger.Networks;
using Workshop.ServiceDefaults.Inference;

namespace Consensus.Clients;

/// <summary>
/// A member of the Open Inference Protocol v2: many rows are one <c>POST /v2/models/{network}/infer</c>, or as few as the
/// protocol allows. A single row is cheaper by <c>GET</c>, which every member knows.
/// </summary>
/// <param name="url">Of the member.</param>
/// <param name="schema">Which network.</param>
/// <param name="transport">Sends.</param>
internal sealed class InferenceV2Client(string url, Schema schema, PredictorTransport transport) : IPredictorClient
{
    private readonly Uri infer = new($"{url}/v2/models/{schema.Network.Name}/infer");

    public Task<Reply> Ask(RowQuestion row, CancellationToken deadline) =>
        transport.AskRow(url, schema.Network, row, deadline);

    public async Task<IReadOnlyList<Reply>> AskAll(IReadOnlyList<string> lines, CancellationToken ct)
    {
        using var deadline = transport.StartDeadline(ct);
        var requests = lines.Chunk(InferRequest.MaximumRows).Select(rows => Infer(rows, deadline.Token));
        return [.. (await Task.WhenAll(requests)).SelectMany(replies => replies)];
    }

    public async Task WarmUp(RowQuestion row, CancellationToken limit)
    {
        if ((await Ask(row, limit)).Miss is null)
        {
            await Infer([row.Line], limit);
        }
    }

    private Task<IReadOnlyList<Reply>> Infer(string[] lines, CancellationToken deadline) =>
        transport.AskRows(infer, schema.Network, InferenceRequest.Write(schema, lines), lines.Length, deadline);
}
