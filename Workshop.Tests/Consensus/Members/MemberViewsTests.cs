using System.Collections.Immutable;
using Consensus.Ledger;
using Consensus.Members;
using Workshop.Ledger.Mechanism;
using Workshop.Tests.Consensus.Ledger;
using Workshop.Tests.Ledger.Mechanism;
using Xunit;

namespace Workshop.Tests.Consensus.Members;

/// <summary>What is shown of a member's money, before and after it leaves.</summary>
public sealed class MemberViewsTests : IDisposable
{
    private const string Honest = "m00";

    private const string Stays = "m01";

    private const string Liar = "m03";

    private readonly LedgerFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void What_a_member_earned_and_lost_is_shown_after_it_has_left()
    {
        using (var chain = folder.Open())
        {
            chain.Append(new RulesEntry(Parameters.Default));
            chain.Append(new TreasuryEntry(1000_00));
            for (var member = 0; member < 4; member++)
            {
                chain.Append(Scenario.Join(Scenario.Name(member), "iris"));
            }

            Play(chain, 6);
            chain.Append(Equivocated(Batch(chain)));
            chain.Append(new ExitEntry(Liar));
            chain.Append(new ExitEntry(Honest));
            Play(chain, 7);
        }

        // Also after a restart, when blocks are read back.
        using var again = folder.Open();
        var (honest, liar, stays) = (View(again, Honest), View(again, Liar), View(again, Stays));

        Assert.Equal(["left", "left", "active"], [honest.State, liar.State, stays.State]);
        Assert.Equal((0m, 1000m), (honest.Slashed, liar.Slashed));
        Assert.True(honest.Earned > 0);
        Assert.All(
            [honest, liar, stays],
            view => Assert.Equal(view.Deposited + view.Earned - view.Slashed, view.Balance + view.PaidOut)
        );
        Assert.Equal(stays.Memberships.Sum(part => part.Earned), stays.Earned);
    }

    private static MemberView View(LedgerChain chain, string name) =>
        MemberView.Of(chain.Now.State.Members[name], chain.Now.State, chain.File.Index);

    private static void Play(LedgerChain chain, int batches)
    {
        for (var batch = 0; batch < batches; batch++)
        {
            Assert.IsType<Applied>(chain.Append(Batch(chain)));
        }
    }

    /// <summary>Every row is gold, so probation and exit are short.</summary>
    private static BatchEntry Batch(LedgerChain chain) =>
        Scenario.Ask(chain.Now.State, "iris", 32, (_, row) => Right(row), row => row % 3, gold: 32);

    private static ImmutableArray<long> Right(int row) => Scenario.Says(row % 3);

    private static BatchEntry Equivocated(BatchEntry batch) =>
        batch with
        {
            Answers =
            [
                .. batch.Answers.Select(own =>
                    own.Member is Liar ? own with { Again = [new SecondAnswer(0, Scenario.Says(1))] } : own
                ),
            ],
        };
}
