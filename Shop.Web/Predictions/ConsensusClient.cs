using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using Shop.Web.Api;

namespace Shop.Web.Predictions;

/// <summary>The consensus, and for a network's schema one of its members.</summary>
public sealed class ConsensusClient
{
    /// <summary>Batches that a plot shows.</summary>
    private const int Plotted = 100;

    private readonly ServiceCaller consensus;
    private readonly IHttpClientFactory clients;

    /// <summary>Makes the client of one request.</summary>
    public ConsensusClient(IHttpClientFactory clients, Trail trail, TimeProvider time, ILogger<ConsensusClient> logger)
    {
        this.clients = clients;
        consensus = new(clients.CreateClient(PredictionsDefaults.Consensus), trail, time, logger);
    }

    /// <summary>All members.</summary>
    public Task<Answer<Member[]>> Members(CancellationToken ct) => consensus.Get<Member[]>("predictors", ct);

    /// <summary>One member with its history.</summary>
    public Task<Answer<Member>> Member(string name, CancellationToken ct) =>
        consensus.Get<Member>($"predictors/{Uri.EscapeDataString(name)}", ct);

    /// <summary>Asks a question.</summary>
    public Task<Answer<Prediction>> Ask(
        string network,
        IEnumerable<KeyValuePair<string, string?>> row,
        CancellationToken ct
    ) => consensus.Get<Prediction>(QueryHelpers.AddQueryString($"{network}/predict", row), ct);

    /// <summary>The newest batches.</summary>
    public Task<Answer<BatchList>> Batches(string network, CancellationToken ct, int limit = Plotted) =>
        consensus.Get<BatchList>($"{network}/batches?limit={limit.ToString(CultureInfo.InvariantCulture)}", ct);

    /// <summary>One batch.</summary>
    public Task<Answer<Batch>> Batch(string network, long number, CancellationToken ct) =>
        consensus.Get<Batch>($"{network}/batches/{number.ToString(CultureInfo.InvariantCulture)}", ct);

    /// <summary>Runs a batch now. Not repeated by itself: it would be two batches.</summary>
    public Task<Answer<Batch>> RunBatch(string network, int size, CancellationToken ct) =>
        consensus.Post<Batch>($"{network}/batches", new { size }, idempotencyKey: null, ct);

    /// <summary>Each member beside the plain average and the consensus, on rows that nobody was trained on.</summary>
    public Task<Answer<Evaluation>> Evaluation(CancellationToken ct) => consensus.Get<Evaluation>("evaluation", ct);

    /// <summary>The ledger in short.</summary>
    public Task<Answer<LedgerView>> Ledger(CancellationToken ct) => consensus.Get<LedgerView>("ledger", ct);

    /// <summary>The service's own verification.</summary>
    public Task<Answer<LedgerVerification>> Verify(CancellationToken ct) =>
        consensus.Get<LedgerVerification>("ledger/verify", ct);

    /// <summary>The file itself, up to a bound.</summary>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>Its lines, or null when it cannot be had.</returns>
    public async Task<IReadOnlyList<string>?> Download(CancellationToken ct)
    {
        try
        {
            var text = await clients
                .CreateClient(PredictionsDefaults.Consensus)
                .GetStringAsync(new Uri("ledger/download", UriKind.Relative), ct);
            return text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>
    /// What may be asked, as a member of this machine describes it. Addresses of outsiders are never called from here:
    /// that is the consensus's own affair, and it guards them.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>The schema, or null when no member tells.</returns>
    public async Task<ModelSchema?> Schema(string network, CancellationToken ct)
    {
        var members = (await Members(ct)).Value ?? [];
        foreach (
            var member in members.Where(member =>
                Uri.TryCreate(member.Url, UriKind.Absolute, out var url) && url.IsLoopback
            )
        )
        {
            try
            {
                var http = clients.CreateClient(PredictionsDefaults.Members);
                return await http.GetFromJsonAsync<ModelSchema>(
                    new Uri($"{member.Url.TrimEnd('/')}/v2/models/{network}"),
                    ServiceCaller.Json,
                    ct
                );
            }
            catch (Exception exception)
                when (exception is HttpRequestException or System.Text.Json.JsonException
                    || (exception is OperationCanceledException && !ct.IsCancellationRequested)
                )
            {
                // The next member knows it as well.
            }
        }

        return null;
    }
}
