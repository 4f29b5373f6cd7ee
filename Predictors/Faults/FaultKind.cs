using System.Collections.Frozen;

namespace Predictors.Faults;

/// <summary>Ways to be a bad member of the network.</summary>
public enum FaultKind
{
    /// <summary>None: honest.</summary>
    None,

    /// <summary>
    /// Swaps the probabilities of the most and the least likely class; mirrors a value about a middle price.
    /// </summary>
    LabelFlip,

    /// <summary>A random answer, the same for the same row.</summary>
    Random,

    /// <summary>The same answer to every row.</summary>
    Constant,

    /// <summary>All colluders give the one wrong class that they agreed on, by the row alone.</summary>
    Colluding,

    /// <summary>Honest for a number of answers, then colluding.</summary>
    Sleeper,

    /// <summary>Colluding on 20 % of the rows, chosen by a hash of the row; honest on the rest.</summary>
    Partial,

    /// <summary>Repeats another member's answer.</summary>
    Copycat,

    /// <summary>Repeats another member's answer for a number of rows, then colludes: trusted first, a traitor then.</summary>
    Betrayer,

    /// <summary>Answers the previous request's result.</summary>
    Stale,

    /// <summary>Never answers: 503 to every question.</summary>
    Absent,

    /// <summary>Answers beyond the deadline.</summary>
    Slow,

    /// <summary>
    /// Answers what is not an answer: wrong shape, NaN, probabilities not adding to 1, oversized, by turns.
    /// </summary>
    Malformed,
}

/// <summary>The names of the faults, as <c>Predictor:Fault</c> gives them.</summary>
public static class FaultCatalogue
{
    private static readonly FrozenDictionary<string, FaultKind> ByName = new Dictionary<string, FaultKind>(
        StringComparer.Ordinal
    )
    {
        ["label-flip"] = FaultKind.LabelFlip,
        ["random"] = FaultKind.Random,
        ["constant"] = FaultKind.Constant,
        ["colluding"] = FaultKind.Colluding,
        ["sleeper"] = FaultKind.Sleeper,
        ["partial"] = FaultKind.Partial,
        ["copycat"] = FaultKind.Copycat,
        ["betrayer"] = FaultKind.Betrayer,
        ["stale"] = FaultKind.Stale,
        ["absent"] = FaultKind.Absent,
        ["slow"] = FaultKind.Slow,
        ["malformed"] = FaultKind.Malformed,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>All names, for messages.</summary>
    public static string Names => string.Join(", ", ByName.Keys.Order(StringComparer.Ordinal));

    /// <summary>Finds a fault by name; case matters.</summary>
    /// <returns>The fault; null for an unknown or empty name.</returns>
    public static FaultKind? Find(string? name) =>
        name is not null && ByName.TryGetValue(name, out var kind) ? kind : null;
}
