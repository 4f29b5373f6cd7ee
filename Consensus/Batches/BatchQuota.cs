using System.Collections.Immutable;
using Consensus.Limits;
using Workshop.Ledger.Networks;
using Workshop.ServiceDefaults.Connections;
using Workshop.ServiceDefaults.Tokens;

namespace Consensus.Batches;

/// <summary>
/// Whoever may run a batch: the operator, always; anybody on this machine, so many a minute and network, since a batch moves
/// weights and pays from the treasury.
/// </summary>
internal sealed class BatchQuota(TimeProvider time)
{
    private const int BatchesPerWindow = 60;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly ImmutableDictionary<string, Rate> rates = Schema.All.ToImmutableDictionary(
        schema => schema.Network.Name,
        _ => new Rate(BatchesPerWindow, Window, time),
        StringComparer.Ordinal
    );

    /// <summary>Why a caller may not run a batch now; null where it may.</summary>
    internal IResult? Refusal(HttpContext http, string network)
    {
        if (http.User.IsOperator())
        {
            return null;
        }

        if (!http.IsLocal())
        {
            return Challenge.Answer(http, "From elsewhere a batch is run with the operator token.");
        }

        return rates[network]
            .Refusal(
                http,
                $"Without the operator token {BatchesPerWindow} batches a minute are run of each network.",
                out _
            );
    }
}
