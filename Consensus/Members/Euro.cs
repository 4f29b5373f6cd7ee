namespace Consensus.Members;

/// <summary>Cents inside, euros with two decimals in JSON: <c>1000.00</c>.</summary>
internal static class Euro
{
    private const decimal Cent = 0.01m;

    /// <summary>Most that is taken as one amount, in cents: a hundred million euros.</summary>
    internal const long MaximumCents = 10_000_000_000;

    /// <summary>An amount for a response; keeps both decimals.</summary>
    internal static decimal From(long cents) => cents * Cent;

    /// <summary>An amount from a request.</summary>
    /// <returns>Cents; null when there are fractions of a cent, or the amount is below 0 or beyond reason.</returns>
    internal static long? ToCents(decimal euros) =>
        euros is >= 0 and <= MaximumCents * Cent && decimal.IsInteger(euros / Cent) ? (long)(euros / Cent) : null;
}
