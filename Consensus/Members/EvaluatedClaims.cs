using System.Collections.Immutable;
using System.Text.Json;
using Workshop.Ledger.Mechanism;

namespace Consensus.Members;

/// <summary>What a member claims where it declared nothing: its own evaluation, else a modest default.</summary>
internal static class EvaluatedClaims
{
    /// <summary>Claimed for a member that says nothing of itself.</summary>
    private const double Default = 0.75;

    /// <summary>Fills in claims of 0.</summary>
    /// <param name="claims">Some of them open.</param>
    /// <param name="evaluation">The answer of <c>GET /evaluation</c>, or null where there is none.</param>
    /// <param name="parameters">A claim is at least chance, and at most what an estimate can be.</param>
    internal static ImmutableArray<NetworkClaim> FillIn(
        ImmutableArray<NetworkClaim> claims,
        byte[]? evaluation,
        Parameters parameters
    ) =>
        [
            .. claims.Select(claim =>
                claim.Accuracy > 0
                    ? claim
                    : claim with
                    {
                        Accuracy = Accuracy(evaluation, Network.All[claim.Network], parameters),
                    }
            ),
        ];

    private static long Accuracy(byte[]? evaluation, Network network, Parameters parameters)
    {
        var metric = network.IsRegression ? "within20Percent" : "accuracy";
        var evaluated = evaluation is null ? null : Read(evaluation, network.Name, metric);
        var least = Gold.Chance(network, parameters);
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
