using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using Polly;
using Shop.Web.Api;
using Shop.Web.Predictions.Joining;
using Workshop.ServiceDefaults.Connections;

namespace Shop.Web.Predictions;

/// <summary>The consensus of the prediction network.</summary>
public sealed class ConsensusClient
{
    /// <summary>Batches that a plot shows.</summary>
    private const int Plotted = 100;

    private readonly ServiceCaller consensus;
    private readonly ServiceCaller patient;
    private readonly ServiceCaller guests;
    private readonly IHttpClientFactory clients;

    /// <summary>Makes the client of one request.</summary>
    public ConsensusClient(IHttpClientFactory clients, Trail trail, TimeProvider time, ILogger<ConsensusClient> logger)
    {
        this.clients = clients;
        consensus = new(clients.CreateClient(PredictionsDefaults.Consensus), trail, time, logger);
        patient = new(clients.CreateClient(PredictionsDefaults.Patient), trail, time, logger);
        guests = new(clients.CreateClient(PredictionsDefaults.Guests), trail, time, logger);
    }

    /// <summary>All members.</summary>
    public Task<Answer<Member[]>> Members(CancellationToken ct) => consensus.Get<Member[]>("predictors", ct);

    /// <summary>One member with its history.</summary>
    public Task<Answer<Member>> Member(string name, CancellationToken ct) =>
        consensus.Get<Member>($"predictors/{Uri.EscapeDataString(name)}", ct);

    /// <summary>Registers a stranger's predictor, by the token that the stranger gave and no other.</summary>
    /// <param name="request">The predictor.</param>
    /// <param name="token">The join token.</param>
    /// <param name="visitor">Address of a visitor from another machine; null for a reader on this one.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>The member with its own token.</returns>
    public Task<Answer<Member>> Join(JoinRequest request, string token, string? visitor, CancellationToken ct) =>
        guests.Send<Member>(
            HttpMethod.Post,
            "predictors",
            request,
            message =>
            {
                Bearing(token)(message);
                if (visitor is not null)
                {
                    message.Headers.Add(ClientAddress.ForwardedFor, visitor);
                }
            },
            ct
        );

    /// <summary>A member leaves, by its own token.</summary>
    /// <param name="name">Which.</param>
    /// <param name="token">Its own.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>The member, leaving.</returns>
    public Task<Answer<Member>> Leave(string name, string token, CancellationToken ct) =>
        guests.Send<Member>(
            HttpMethod.Delete,
            $"predictors/{Uri.EscapeDataString(name)}",
            body: null,
            Bearing(token),
            ct
        );

    /// <summary>Asks a question.</summary>
    /// <param name="network">Which.</param>
    /// <param name="row">The cells, as they were entered.</param>
    /// <param name="isForeign">A page of another site asks by the reader's browser: it is answered, and is in no batch.</param>
    /// <param name="ct">Ends the wait.</param>
    public Task<Answer<Prediction>> Ask(
        string network,
        IEnumerable<KeyValuePair<string, string?>> row,
        bool isForeign,
        CancellationToken ct
    ) =>
        consensus.Send<Prediction>(
            HttpMethod.Get,
            QueryHelpers.AddQueryString($"{network}/predict", row),
            body: null,
            isForeign ? request => request.Headers.Add("Sec-Fetch-Site", "cross-site") : null,
            ct
        );

    /// <summary>The newest batches.</summary>
    public Task<Answer<BatchList>> Batches(string network, CancellationToken ct, int limit = Plotted) =>
        consensus.Get<BatchList>($"{network}/batches?limit={limit.ToString(CultureInfo.InvariantCulture)}", ct);

    /// <summary>One batch.</summary>
    public Task<Answer<Batch>> Batch(string network, long number, CancellationToken ct) =>
        consensus.Get<Batch>($"{network}/batches/{number.ToString(CultureInfo.InvariantCulture)}", ct);

    /// <summary>
    /// Runs a batch now. Under a key of its own: a consensus that was too busy to score it is asked again, and a batch whose
    /// answer was lost is not run twice.
    /// </summary>
    public Task<Answer<Batch>> RunBatch(string network, int size, CancellationToken ct) =>
        consensus.Post<Batch>($"{network}/batches", new { size }, Guid.NewGuid().ToString("N"), ct);

    /// <summary>Each member beside the plain average and the consensus, on rows that nobody was trained on.</summary>
    /// <param name="without">Members that a second average and consensus leave out.</param>
    /// <param name="ct">Ends the wait.</param>
    public Task<Answer<Evaluation>> Evaluation(IEnumerable<string> without, CancellationToken ct) =>
        consensus.Get<Evaluation>(
            QueryHelpers.AddQueryString(
                "evaluation",
                without.Select(name => KeyValuePair.Create("without", (string?)name))
            ),
            ct
        );

    /// <summary>The ledger in short.</summary>
    public Task<Answer<LedgerView>> Ledger(CancellationToken ct) => consensus.Get<LedgerView>("ledger", ct);

    /// <summary>The service's own verification.</summary>
    public Task<Answer<LedgerVerification>> Verify(CancellationToken ct) =>
        patient.Get<LedgerVerification>("ledger/verify", ct);

    /// <summary>Who has signed the ledger.</summary>
    public Task<Answer<IReadOnlyList<LedgerWitness>>> Witnesses(CancellationToken ct) =>
        consensus.Get<IReadOnlyList<LedgerWitness>>("ledger/witnesses", ct);

    /// <summary>The file itself, or a part of it.</summary>
    /// <param name="range">As a browser asks for it; null for the whole.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>The consensus's answer, the caller's own; or null when there is none.</returns>
    public async Task<HttpResponseMessage?> OpenLedger(string? range, CancellationToken ct)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "ledger/download");
            request.Headers.TryAddWithoutValidation("Range", range);
            return await clients
                .CreateClient(PredictionsDefaults.Files)
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
        }
        catch (Exception exception)
            when (exception is HttpRequestException or ExecutionRejectedException or InvalidOperationException
                || (exception is OperationCanceledException && !ct.IsCancellationRequested)
            )
        {
            return null;
        }
    }

    /// <summary>What may be asked, as the consensus itself describes it; no member is asked, and none is trusted.</summary>
    /// <param name="network">The network.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>The schema.</returns>
    public Task<Answer<ModelSchema>> Schema(string network, CancellationToken ct) =>
        consensus.Get<ModelSchema>($"v2/models/{network}", ct);

    private static Action<HttpRequestMessage> Bearing(string token) =>
        request => request.Headers.Authorization = new("Bearer", token);
}
