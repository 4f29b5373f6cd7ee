namespace Workshop.Ledger.Mechanism;

/// <summary>
/// How real numbers stand in a ledger: whole numbers only, since those read the same in every language and on every
/// processor. Shares, probabilities and weights are parts per million, money and house prices are cents.
/// </summary>
public static class Units
{
    /// <summary>Parts in a whole.</summary>
    public const long Million = 1_000_000;

    /// <summary>A share in [0, 1] as parts per million, rounded half to even.</summary>
    public static long ToMillionths(double share) => (long)Math.Round(share * Million);

    /// <summary>Parts per million as a share.</summary>
    public static double FromMillionths(long millionths) => (double)millionths / Million;

    /// <summary>An amount in whole cents, rounded half to even.</summary>
    public static long ToCents(double amount) => (long)Math.Round(amount * 100);

    /// <summary>Cents as an amount.</summary>
    public static double FromCents(long cents) => cents / 100.0;

    /// <summary>A share of an amount, in whole cents, rounded down, in integer arithmetic.</summary>
    public static long ShareOf(long cents, double share) => (long)((Int128)cents * ToMillionths(share) / Million);
}
