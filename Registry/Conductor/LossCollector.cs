using System.Text.Json;
using Registry.Leases;

namespace Registry.Conductor;

/// <summary>
/// Asks the shop's servers what a failover lost. Each compares the receipts of the orders that it acknowledged with the new
/// primary, once it has met the new timeline; one that is down does so when it is back.
/// </summary>
internal sealed class LossCollector(ServiceTable table, TimeProvider time) : IDisposable
{
    /// <summary>Most order ids that are kept of one failover; the shop itself has all.</summary>
    public const int MaxOrders = 10_000;

    private const string Service = "shop-api";

    /// <summary>Servers that have not answered by then are not waited for.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan AskTimeout = TimeSpan.FromSeconds(1);

    private readonly HttpClient http = new() { Timeout = AskTimeout };

    /// <summary>
    /// What the last failover lost goes into the journal. Also after a start: the registry may have ended before the shop had
    /// compared its receipts.
    /// </summary>
    /// <param name="journal">Knows the failover, if there was one.</param>
    /// <param name="ct">Ends it.</param>
    public async Task Collect(Journal journal, CancellationToken ct)
    {
        if (journal.LastFailover is { Timeline: { } timeline, Term: var term })
        {
            await Collect(
                    timeline,
                    (lost, by) => journal.Amend(term, failover => failover with { Lost = lost, ComparedBy = by }),
                    ct
                )
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>
    /// Asks until every server has compared, and tells what is known each time that it is more than before.
    /// </summary>
    /// <param name="timeline">The new primary's.</param>
    /// <param name="tell">Gets the ids of lost orders, and the names of the servers that have compared.</param>
    /// <param name="ct">Ends it.</param>
    private async Task Collect(
        long timeline,
        Action<IReadOnlyList<string>, IReadOnlyList<string>> tell,
        CancellationToken ct
    )
    {
        var lost = new SortedDictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        for (var started = time.GetTimestamp(); time.GetElapsedTime(started) < Limit; )
        {
            var servers = table.Find(Service)?.Instances ?? [];
            var known = lost.Count;
            foreach (var server in servers.Where(server => !lost.ContainsKey(server.Instance)))
            {
                if (await Ask(server.Address, ct) is { Last: { } last } && last.Timeline == timeline)
                {
                    lost.Add(server.Instance, last.Lost);
                }
            }

            if (lost.Count > known)
            {
                tell(
                    [.. lost.Values.SelectMany(ids => ids).Distinct(StringComparer.Ordinal).Take(MaxOrders)],
                    [.. lost.Keys]
                );
            }

            if (servers.Count > 0 && servers.All(server => lost.ContainsKey(server.Instance)))
            {
                return;
            }

            await Task.Delay(Pause, time, ct);
        }
    }

    /// <summary>Ends its connections.</summary>
    public void Dispose() => http.Dispose();

    private async Task<Share?> Ask(string address, CancellationToken ct)
    {
        try
        {
            return await http.GetFromJsonAsync<Share>(new Uri($"http://{address}/storage/lost"), ct);
        }
        catch (Exception error)
            when (error is HttpRequestException or JsonException
                || (error is OperationCanceledException && !ct.IsCancellationRequested)
            )
        {
            return null;
        }
    }

    /// <summary>One server's word, as far as it is read here.</summary>
    private sealed record Share(Comparison? Last);

    /// <summary>Its last comparison.</summary>
    private sealed record Comparison(long Timeline, IReadOnlyList<string> Lost);
}
