using Consensus.Ledger;
using Workshop.Ledger.Mechanism;
using Workshop.Tests.Ledger.Mechanism;

namespace Workshop.Tests.Consensus.Ledger;

/// <summary>A folder for one test's ledger, gone afterwards.</summary>
internal sealed class LedgerFolder : IDisposable
{
    internal string Path { get; } = Directory.CreateTempSubdirectory("workshop-ledger-").FullName;

    internal string File => System.IO.Path.Combine(Path, LedgerFile.FileName);

    internal LedgerChain Open() => new(Path, TimeProvider.System);

    /// <summary>Writes a small ledger with every kind of entry.</summary>
    internal void Fill()
    {
        using var chain = Open();
        foreach (var entry in Entries())
        {
            chain.Append(entry);
        }
    }

    internal static IEnumerable<Entry> Entries()
    {
        yield return new RulesEntry(Parameters.Default);
        yield return new TreasuryEntry(1000_00);
        for (var member = 0; member < 3; member++)
        {
            yield return Scenario.Join(Scenario.Name(member), "iris");
        }

        var state = Scenario.Found("iris", 3);
        yield return Scenario.Ask(state, "iris", 3, (_, row) => Scenario.Says(row), row => row);
        yield return new ExitEntry("m02");
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
