using Registry.Conductor.StateMachine;
using Registry.Leases;
using Workshop.ServiceDefaults.Json;

namespace Registry.Conductor;

/// <summary>
/// Asks the shop's servers what the last failover lost. Each compares the receipts of the orders that it acknowledged with the
/// new primary, once it has met the new timeline; one that is down does so when it is back.
/// </summary>
internal sealed class LossCollector(ServiceTable table, Journal journal, TimeProvider time) : IDisposable
{
    /// <summary>Most order ids that are kept of one failover; the shop's servers have all.</summary>
    public const int MaxOrders = 10_000;

    private const string Service = "shop-api";

    /// <summary>As long as somebody has not compared, after a failover or a start: mostly that takes a moment.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AskTimeout = TimeSpan.FromSeconds(1);

    private readonly HttpClient http = new() { Timeout = AskTimeout };

    /// <summary>The last failover, with the servers whose comparison is missing just now; null when there was none.</summary>
    public Failover? LastFailover =>
        journal.LastFailover is { } failover
            ? failover with
            {
                NotComparedBy =
                [
                    .. Servers.Select(server => server.Instance).Except(failover.ComparedBy, StringComparer.Ordinal),
                ],
            }
            : null;

    private IReadOnlyList<InstanceView> Servers => table.Find(Service)?.Instances ?? [];

    /// <summary>
    /// Goes on asking for as long as the registry runs. What is found goes into the journal each time that it is more; after a
    /// start all are asked anew, for the registry may have ended before they had compared.
    /// </summary>
    /// <param name="ct">Ends it.</param>
    public async Task Collect(CancellationToken ct)
    {
        var since = time.GetTimestamp();
        (long? Term, Dictionary<string, Comparison> Known) found = (null, []);
        while (true)
        {
            if (journal.LastFailover is { Timeline: { } timeline, Term: var term })
            {
                if (found.Term != term)
                {
                    (found, since) = ((term, new(StringComparer.Ordinal)), time.GetTimestamp());
                }

                if (await Ask(timeline, found.Known, ct))
                {
                    journal.Amend(term, failover => Sum(failover, found.Known));
                }
            }

            await Task.Delay(time.GetElapsedTime(since) < Soon ? Pause : LongPause, time, ct);
        }
    }

    /// <summary>Ends its connections.</summary>
    public void Dispose() => http.Dispose();

    /// <summary>Asks those whose comparison is not known.</summary>
    /// <returns>Whether more is known than before.</returns>
    private async Task<bool> Ask(long timeline, Dictionary<string, Comparison> known, CancellationToken ct)
    {
        var before = known.Count;
        foreach (var server in Servers.Where(server => !known.ContainsKey(server.Instance)))
        {
            var address = new Uri($"http://{server.Address}/storage/lost");
            if (await http.TryGetJson<Share>(address, ct) is { Last: { } last } && last.Timeline == timeline)
            {
                known.Add(server.Instance, last);
            }
        }

        return known.Count > before;
    }

    /// <summary>With what is known from before a restart, when servers that are away now had compared.</summary>
    private static Failover Sum(Failover failover, Dictionary<string, Comparison> known) =>
        failover with
        {
            Lost =
            [
                .. failover
                    .Lost.Concat(
                        known.OrderBy(one => one.Key, StringComparer.Ordinal).SelectMany(one => one.Value.Lost)
                    )
                    .Distinct(StringComparer.Ordinal)
                    .Take(MaxOrders),
            ],
            ComparedBy =
            [
                .. failover.ComparedBy.Union(known.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal),
            ],
            ComparedReceipts = Math.Max(failover.ComparedReceipts, known.Values.Sum(one => one.Compared)),
            LostBytes = Math.Max(failover.LostBytes, known.Values.Max(one => one.LostBytes)),
            LostMilliseconds = Math.Max(failover.LostMilliseconds, known.Values.Max(one => one.LostMilliseconds)),
        };

    /// <summary>One server's word, as far as it is read here.</summary>
    private sealed record Share(Comparison? Last);

    /// <summary>Its last comparison.</summary>
    private sealed record Comparison(
        long Timeline,
        int Compared,
        IReadOnlyList<string> Lost,
        double LostMilliseconds,
        long LostBytes
    );
}
