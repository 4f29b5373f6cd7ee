using System.Globalization;

namespace Shop.Web.Predictions.Joining;

/// <summary>The body of the consensus's <c>POST /predictors</c>.</summary>
/// <param name="Name">What the member is called.</param>
/// <param name="Url">Where it answers.</param>
/// <param name="Networks">What it answers; all networks when null.</param>
/// <param name="DeclaredAccuracy">Its claim; read from its own evaluation when null.</param>
/// <param name="Deposit">Euros for each network.</param>
/// <param name="Protocol"><c>predict</c> or <c>v2</c>.</param>
public sealed record JoinRequest(
    string Name,
    string Url,
    IReadOnlyList<string>? Networks,
    decimal? DeclaredAccuracy,
    decimal? Deposit,
    string Protocol
);

/// <summary>What a visitor fills in to let a predictor join.</summary>
public sealed class JoinForm
{
    /// <summary>The choice of all networks.</summary>
    public const string AllNetworks = "all";

    /// <summary>Characters of a token; the host's own has fewer.</summary>
    private const int LongestToken = 200;

    /// <summary>What the member is called.</summary>
    public string? Name { get; set; }

    /// <summary>Where it answers.</summary>
    public string? Url { get; set; }

    /// <summary>One network, or <see cref="AllNetworks"/>.</summary>
    public string? Network { get; set; } = "iris";

    /// <summary>The share of rows that it vouches for; empty to have its own evaluation asked.</summary>
    public string? Accuracy { get; set; }

    /// <summary>Euros for each network.</summary>
    public string? Deposit { get; set; } = "1000";

    /// <summary><c>predict</c> or <c>v2</c>.</summary>
    public string? Protocol { get; set; } = "predict";

    /// <summary>The join token; it is never shown again.</summary>
    public string? Token { get; set; }

    /// <summary>Reads what can be read without asking anybody.</summary>
    /// <param name="isReaderHere">Whether the reader is on this machine, and so may name it.</param>
    /// <param name="errors">What is wrong, by member of the request, and <c>token</c>.</param>
    /// <returns>The request; null after an error.</returns>
    public JoinRequest? Read(bool isReaderHere, out IReadOnlyDictionary<string, string[]> errors)
    {
        var found = new Dictionary<string, string[]>(StringComparer.Ordinal);
        errors = found;
        if (string.IsNullOrWhiteSpace(Name))
        {
            found["name"] = ["Give your predictor a name."];
        }

        if (string.IsNullOrWhiteSpace(Url))
        {
            found["url"] = ["Where does it answer?"];
        }
        else if (!isReaderHere && Uri.TryCreate(Url.Trim(), UriKind.Absolute, out var address) && address.IsLoopback)
        {
            // The consensus would take our word for it: the form comes from this machine, its reader does not.
            found["url"] = ["This is the workshop's own machine, not yours. Give an address that it can reach you at."];
        }

        if (Network is not AllNetworks && !PredictionsDefaults.IsNetwork(Network ?? ""))
        {
            found["networks"] = ["Choose a network."];
        }

        if (!IsToken(Token))
        {
            found["token"] = ["Paste the join token; whoever started the workshop can tell you."];
        }

        var accuracy = Number(
            Accuracy,
            "declaredAccuracy",
            "A number from 0 to 1, such as 0.9; or leave it empty.",
            found
        );
        var deposit = Number(Deposit, "deposit", "An amount in euros, such as 1000.", found);
        return found.Count > 0
            ? null
            : new(
                Name!.Trim(),
                Url!.Trim(),
                Network is AllNetworks ? null : [Network!],
                accuracy,
                deposit,
                Protocol is "v2" ? "v2" : "predict"
            );
    }

    /// <summary>Whether a text can be sent as a bearer token.</summary>
    /// <param name="token">Any text.</param>
    public static bool IsToken(string? token) =>
        token?.Trim() is { Length: > 0 and <= LongestToken } given && given.All(letter => letter is >= ' ' and <= '~');

    private static decimal? Number(string? text, string member, string rule, Dictionary<string, string[]> errors)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        if (decimal.TryParse(text.Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        errors[member] = [rule];
        return null;
    }
}
