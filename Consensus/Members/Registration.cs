using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;
using Workshop.Ledger.Mechanism;
using Workshop.Ledger.Witnesses;

namespace Consensus.Members;

/// <summary>The body of <c>POST /predictors</c>.</summary>
/// <param name="Name">1-64 of letters, digits, dot, underscore and hyphen.</param>
/// <param name="Url">Where the member answers.</param>
/// <param name="Deposit">Euros put down for each network; the minimum when not given.</param>
/// <param name="Networks">Names of networks; all when not given.</param>
/// <param name="DeclaredAccuracy">
/// One number, or an object with one per network; from the evaluation when not given.
/// </param>
/// <param name="Protocol"><c>predict</c> (default) or <c>v2</c>.</param>
/// <param name="Key">
/// The public key of a member that is a witness: ECDSA P-256, SubjectPublicKeyInfo, base64. It never changes.
/// </param>
internal sealed record RegistrationRequest(
    string Name,
    string Url,
    decimal? Deposit = null,
    IReadOnlyList<string>? Networks = null,
    JsonElement? DeclaredAccuracy = null,
    string? Protocol = null,
    string? Key = null
);

/// <summary>Turns a request into an entry, or into what is wrong with it.</summary>
internal static partial class Registration
{
    /// <summary>Rows asked with <c>GET /{network}/predict</c>, one by one.</summary>
    internal const string Predict = "predict";

    /// <summary>Batches asked with the Open Inference Protocol.</summary>
    internal const string V2 = "v2";

    /// <summary>Checks all that can be checked without asking anybody.</summary>
    /// <param name="request">As it came.</param>
    /// <param name="options">Minimum deposit; whether loopback is allowed.</param>
    /// <param name="errors">Gets what is wrong, by member of the body.</param>
    /// <returns>An entry with the accuracies that were declared; meaningless after an error.</returns>
    internal static RegistrationEntry Read(
        RegistrationRequest request,
        ConsensusOptions options,
        Dictionary<string, string[]> errors
    )
    {
        if (!SafeName().IsMatch(request.Name))
        {
            errors["name"] =
            [
                "Must be 1 to 64 letters, digits, dots, underscores or hyphens; a letter or digit first.",
            ];
        }

        if (MemberAddress.Read(request.Url, options.AllowLoopback, out var address) is { } addressError)
        {
            errors["url"] = [addressError];
        }

        var minimum = options.Mechanism.MinimumDepositCents;
        var deposit = request.Deposit is { } euros ? Euro.ToCents(euros) : minimum;
        if (deposit is null || deposit < minimum)
        {
            errors["deposit"] =
            [
                $"Must be from {Euro.From(minimum)} to {Euro.From(Euro.MaximumCents)} euros, in whole cents.",
            ];
        }

        if (request.Protocol is not (null or Predict or V2))
        {
            errors["protocol"] = [$"Must be {Predict} or {V2}."];
        }

        if (request.Key is { } key && WitnessKey.Violation(key) is { } keyError)
        {
            errors["key"] = [keyError];
        }

        var networks = ReadNetworks(request.Networks, errors);
        return new(
            request.Name,
            address,
            request.Protocol ?? Predict,
            deposit ?? 0,
            ReadAccuracies(request.DeclaredAccuracy, networks, options.Mechanism, errors),
            Key: request.Key
        );
    }

    private static ImmutableArray<Network> ReadNetworks(
        IReadOnlyList<string>? names,
        Dictionary<string, string[]> errors
    )
    {
        if (names is null)
        {
            return [.. Network.All.Values];
        }

        if (
            names.Count == 0
            || names.Distinct(StringComparer.Ordinal).Count() != names.Count
            || !names.All(Network.All.ContainsKey)
        )
        {
            errors["networks"] = [$"Must name each of some of {string.Join(", ", Network.All.Keys)} once."];
            return [];
        }

        return [.. names.Order(StringComparer.Ordinal).Select(name => Network.All[name])];
    }

    /// <summary>Claims of 0 stand for "not declared", and are filled in from the member's evaluation.</summary>
    private static ImmutableArray<NetworkClaim> ReadAccuracies(
        JsonElement? declared,
        ImmutableArray<Network> networks,
        Parameters parameters,
        Dictionary<string, string[]> errors
    )
    {
        var claims = ImmutableArray.CreateBuilder<NetworkClaim>(networks.Length);
        if (
            declared is { ValueKind: JsonValueKind.Object } named
            && named.EnumerateObject().Any(claim => !Network.All.ContainsKey(claim.Name))
        )
        {
            errors["declaredAccuracy"] = [$"Must name some of {string.Join(", ", Network.All.Keys)}."];
        }

        foreach (var network in networks)
        {
            JsonElement? value = declared switch
            {
                { ValueKind: JsonValueKind.Object } some => some.TryGetProperty(network.Name, out var own) ? own : null,
                _ => declared,
            };
            var chance = Gold.Chance(network, parameters);
            var accuracy = 0.0;
            if (
                value is { } given
                && !(
                    given.ValueKind == JsonValueKind.Number
                    && given.TryGetDouble(out accuracy)
                    && accuracy >= chance
                    && accuracy <= 1
                )
            )
            {
                errors["declaredAccuracy"] =
                [
                    $"Must be a number from chance ({chance:0.###} for {network.Name}) to 1, or an object with one per network.",
                ];
            }

            claims.Add(new(network.Name, Units.ToMillionths(accuracy)));
        }

        return claims.MoveToImmutable();
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,63}\\z", RegexOptions.None, 1000)]
    private static partial Regex SafeName();
}
