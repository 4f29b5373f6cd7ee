using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using Consensus.Clients;
using Consensus.Ledger;
using Workshop.Ledger.Mechanism;
using Workshop.ServiceDefaults.Errors;
using Workshop.ServiceDefaults.Loops;

namespace Consensus.Members;

/// <summary>
/// Claims of members that declared nothing. Their own evaluation is the claim; a member that is still computing it takes
/// part meanwhile with the claim open, and is asked again until its evaluation is there.
/// </summary>
internal sealed class ClaimPoller(
    PredictorTransport transport,
    LedgerWriter ledger,
    Background background,
    TimeProvider time
) : BackgroundService
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>
    /// About ten minutes, with longer and longer pauses: a member whose evaluation is not there by then claims the default,
    /// like one that has none.
    /// </summary>
    private const int MostTries = 68;

    /// <summary>Rounds between two questions at most.</summary>
    private const int LongestPause = 10;

    private readonly ConcurrentDictionary<string, int> tries = new(StringComparer.Ordinal);

    /// <summary>The round in which a member is asked next: it is asked less and less often.</summary>
    private readonly ConcurrentDictionary<string, int> next = new(StringComparer.Ordinal);

    /// <summary>Fills in what a registration left open, as far as the member can say it now.</summary>
    /// <returns>The entry, some claims of which may still be open; or why the member's address is refused.</returns>
    internal async Task<(RegistrationEntry Entry, string? Refusal)> Complete(
        RegistrationEntry entry,
        CancellationToken ct
    )
    {
        // Asked even where all is declared: an address that the guard refuses must not get into the ledger.
        var answer = await Ask(entry.Url, ct);
        var isOpen = answer.Refusal is not null || answer.Status == HttpStatusCode.ServiceUnavailable;
        var claims = isOpen
            ? entry.Networks
            : EvaluatedClaims.FillIn(entry.Networks, answer.Body, ledger.Now.State.Parameters);
        return (entry with { Networks = claims }, answer.Refusal);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        background.Loop("open claims", Go, stoppingToken);

    private async Task Go(CancellationToken stoppingToken)
    {
        for (var round = 0; ; round++)
        {
            await Task.Delay(Pause, time, stoppingToken);
            if (!ledger.IsOpen)
            {
                continue;
            }

            var due = ledger
                .Now.State.Members.Values.Where(member =>
                    next.GetValueOrDefault(member.Name) <= round && !OpenOf(member).IsEmpty
                )
                .ToArray();
            await Task.WhenAll(due.Select(member => Close(member, stoppingToken)));
            foreach (var member in due)
            {
                next[member.Name] = round + Math.Clamp(tries[member.Name] / 4, 1, LongestPause);
            }
        }
    }

    private async Task Close(Member member, CancellationToken ct)
    {
        var answer = await Ask(member.Url, ct);
        var tried = tries.AddOrUpdate(member.Name, 1, (_, before) => before + 1);
        if (answer.Status == HttpStatusCode.OK || tried >= MostTries)
        {
            var claims = EvaluatedClaims.FillIn(OpenOf(member), answer.Body, ledger.Now.State.Parameters);
            try
            {
                await ledger.Append(_ => new ClaimEntry(member.Name, claims), ct);
            }
            catch (ServiceUnavailableException)
            {
                // The writer has said why. The claim stays open, and is tried again with the next round.
            }
        }
    }

    private static ImmutableArray<NetworkClaim> OpenOf(Member member) =>
        [
            .. member
                .Memberships.Where(part => part.Value is { AtRisk: true, DeclaredAccuracy: 0 })
                .Select(part => new NetworkClaim(part.Key, 0)),
        ];

    private Task<Document> Ask(string url, CancellationToken ct) => transport.Fetch($"{url}/evaluation", Deadline, ct);
}
