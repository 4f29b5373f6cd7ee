namespace Workshop.Tests.Ledger.Mechanism;

/// <summary>How often a property is tried on each of thousands of mutants: seldom does the last try alone notice one.</summary>
internal static class Trials
{
    internal static int Of(int full) => Math.Max(5, full / 10);
}
