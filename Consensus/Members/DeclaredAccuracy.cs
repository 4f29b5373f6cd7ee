using System.Text.Json;
using Consensus.Mechanism;

namespace Consensus.Members;

/// <summary>What a member claims where it declared nothing: its own evaluation, else a modest default.</summary>
internal sealed class DeclaredAccuracy(MemberGateway gateway)
{
    /// <summary>Claimed for a member that says nothing of itself.</summary>
    private const double Default = 0.75;

    /// <summary>
    /// Members may compute their evaluation when first asked, but registration does not wait for that.
    /// </summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);

    /// <summary>Fills in claims of 0.</summary>
    /// <returns>The entry with all claims, or null when the member's address is refused.</returns>
    internal async Task<RegistrationEntry?> Complete(
        RegistrationEntry entry,
        Parameters parameters,
        CancellationToken ct
    )
    {
        // Asked even where all is declared: an address that the guard refuses must not get into the ledger.
        var (body, refused) = await gateway.Fetch($"{entry.Url}/evaluation", Deadline, ct);
        return refused
            ? null
            : entry with
            {
                Networks =
                [
                    .. entry.Networks.Select(claim =>
                        claim.Accuracy > 0 ? claim : claim with { Accuracy = Claim(body, claim.Network, parameters) }
                    ),
                ],
            };
    }

    private static long Claim(byte[]? evaluation, string network, Parameters parameters)
    {
        var metric = Network.All[network].IsRegression ? "within20Percent" : "accuracy";
        var evaluated = evaluation is null ? null : Read(evaluation, network, metric);
        var least = Gold.Chance(Network.All[network], parameters);
        return Units.ToMillionths(Math.Clamp(evaluated ?? Default, least, parameters.EstimateMaximum));
    }

    private static double? Read(byte[] evaluation, string network, string metric)
    {
        try
        {
            using var document = JsonDocument.Parse(evaluation);
            return
                document.RootElement.TryGetProperty("networks", out var networks)
                && networks.TryGetProperty(network, out var figures)
                && figures.TryGetProperty(metric, out var figure)
                && figure.TryGetProperty("value", out var value)
                && value.TryGetDouble(out var number)
                && double.IsFinite(number)
                ? number
                : null;
        }
        catch (Exception bad) when (bad is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
