namespace Workshop.Tests.Ledger.Mechanism;

/// <summary>How often a property is tried: in full here, less often under mutation, where thousands of runs are made.</summary>
internal static class Trials
{
    internal static int Of(int full) => full;
}
