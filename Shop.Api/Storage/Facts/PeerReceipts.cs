using System.Text.Json;
using Shop.Api.Storage.Receipts;
using Workshop.ServiceDefaults.Discovery;

namespace Shop.Api.Storage.Facts;

/// <summary>One server's share of a failover's loss: the answer of <c>GET /storage/lost</c>.</summary>
/// <param name="Instance">The server.</param>
/// <param name="Last">Its last examination; null when it has seen no failover.</param>
public sealed record LossShare(string Instance, Examination? Last);

/// <summary>
/// Asks the shop's other servers what their receipts say: each keeps those of the orders that it acknowledged.
/// </summary>
internal sealed class PeerReceipts(IHttpClientFactory clients, ServiceWatches watches, IConfiguration configuration)
{
    private const string Service = "shop-api";

    /// <summary>Longest time for the registry to say who the others are; asked once in a process's life.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);

    /// <summary>
    /// The shares of the servers that answer, and the addresses of those that do not; the service's name where nobody said
    /// yet who they are.
    /// </summary>
    public async Task<(IReadOnlyList<LossShare> Shares, IReadOnlyList<string> Silent)> Ask(CancellationToken ct)
    {
        if (!watches.IsAvailable)
        {
            return ([], []);
        }

        var watch = watches.Watch(Service);
        // Its own bound: that the others are not known is an answer, too, when the time for all the asking is over.
        if (!await watch.WaitForFirstAnswer(Patience, CancellationToken.None) || watch.Snapshot is not { } known)
        {
            return ([], [Service]);
        }

        var own = Uri.TryCreate(configuration["Workshop:Address"], UriKind.Absolute, out var address)
            ? address.Authority
            : null;
        var others = known
            .Instances.Select(instance => instance.Address)
            .Where(other => !string.Equals(other, own, StringComparison.OrdinalIgnoreCase))
            .ToArray();
        var answers = await Task.WhenAll(others.Select(other => Ask(other, ct)));
        return (
            [.. answers.OfType<LossShare>()],
            [.. others.Zip(answers).Where(pair => pair.Second is null).Select(pair => pair.First)]
        );
    }

    private async Task<LossShare?> Ask(string address, CancellationToken ct)
    {
        try
        {
            using var http = clients.CreateClient(ConductorClient.HttpName);
            return await http.GetFromJsonAsync<LossShare>(new Uri($"http://{address}/storage/lost"), ct);
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException or JsonException)
        {
            return null;
        }
    }
}
