using System.Globalization;
using Shop.Web.Site;

namespace Shop.Web.Redundancy.Buyers;

/// <summary>How many buyers come, for how long, and what goes wrong meanwhile.</summary>
/// <param name="RatePerSecond">Orders begun per second.</param>
/// <param name="Seconds">For how long.</param>
/// <param name="Faults">What is broken, and when.</param>
/// <param name="WithNaive">Whether as many naive buyers come beside the resilient ones.</param>
public sealed record BuyerPlan(int RatePerSecond, int Seconds, FaultPlan Faults, bool WithNaive = false)
{
    /// <summary>In forms: resilient and naive buyers.</summary>
    public const string Both = "both";

    /// <summary>More than this would measure this machine, not the shop.</summary>
    public const int MaxRate = 50;

    /// <summary>Longest run.</summary>
    public const int MaxSeconds = 120;

    /// <summary>Orders of the whole plan, by each kind of buyers.</summary>
    public int Orders => RatePerSecond * Seconds;

    /// <summary>The names of all fields of a form.</summary>
    public static IEnumerable<string> Names { get; } =
    ["rate", "seconds", "buyers", .. Enumerable.Range(1, FaultPlan.MostLines).SelectMany(FaultPlan.NamesOf)];

    /// <summary>Reads a form.</summary>
    /// <param name="entered">What was entered into a field; null for a field that is not there.</param>
    /// <param name="error">What is wrong.</param>
    /// <returns>The plan, or null.</returns>
    public static BuyerPlan? Read(Func<string, string?> entered, out string? error)
    {
        ArgumentNullException.ThrowIfNull(entered);
        var perSecond = WholeNumber.Read(entered("rate"), 1, MaxRate);
        var duration = WholeNumber.Read(entered("seconds"), 1, MaxSeconds);
        error =
            perSecond is null ? $"The rate is a whole number from 1 to {MaxRate}."
            : duration is null ? $"The duration is a whole number from 1 to {MaxSeconds}."
            : null;
        return error is null && FaultPlan.Read(entered, duration!.Value, out error) is { } faults
            ? new(perSecond!.Value, duration.Value, faults, entered("buyers") is Both)
            : null;
    }

    /// <summary>The same as fields of a form.</summary>
    public IEnumerable<(string Name, string Value)> Fields =>
        [
            ("rate", RatePerSecond.ToString(CultureInfo.InvariantCulture)),
            ("seconds", Seconds.ToString(CultureInfo.InvariantCulture)),
            ("buyers", WithNaive ? Both : "resilient"),
            .. Faults.Fields,
        ];
}
