using Consensus.Ledger;
using Workshop.Ledger.Blocks;
using Workshop.Ledger.Mechanism;
using Workshop.Ledger.Networks;
using Workshop.Tests.Consensus.Ledger;
using Workshop.Tests.Ledger.Mechanism;
using Xunit;

namespace Workshop.Tests.Ledger.Blocks;

/// <summary>Which rows are gold follows from seeds that were committed to.</summary>
public sealed class GoldDrawTests : IDisposable
{
    private readonly LedgerFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_seed_that_was_not_committed_to_or_other_gold_than_it_draws_is_refused()
    {
        var key = GoldKey.Open(folder.Path);
        var state = Scenario.Apply(
            Scenario.Found("iris", 3),
            new SeedEntry("iris", GoldDraw.Commit(key.SeedOf("iris", 0)), "a test")
        );
        var pool = GoldDraw.Order(Schema.Find("iris")!.HeldOut, key.SeedOf("iris", 0));
        var asked = Scenario.Ask(state, "iris", 4, (_, row) => Scenario.Says(row % 3), _ => 0, gold: 1);
        var good = asked with
        {
            Rows = [pool[0].Line, .. asked.Rows[1..]],
            Gold = [new(0, pool[0].Truth)],
            Seed = key.SeedOf("iris", 0),
            Commitment = GoldDraw.Commit(key.SeedOf("iris", 1)),
        };

        Assert.Null(GoldDraw.Violation(state, good));
        Assert.Contains(
            "committed",
            GoldDraw.Violation(state, good with { Seed = key.SeedOf("iris", 1) })!,
            StringComparison.Ordinal
        );
        Assert.Contains("reveals", GoldDraw.Violation(state, good with { Seed = null })!, StringComparison.Ordinal);
        Assert.Contains(
            "draws",
            GoldDraw.Violation(state, good with { Rows = [pool[1].Line, .. asked.Rows[1..]] })!,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "draws",
            GoldDraw.Violation(state, good with { Gold = [new(0, (pool[0].Truth + 1) % 3)] })!,
            StringComparison.Ordinal
        );
        Assert.Equal(key.SeedOf("iris", 0), GoldKey.Open(folder.Path).SeedOf("iris", 0));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite,
                File.GetUnixFileMode(Path.Combine(folder.Path, "gold.key"))
            );
        }
    }
}
