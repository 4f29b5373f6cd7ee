using System.Collections.Immutable;
using Workshop.Ledger.Mechanism;
using Xunit;

namespace Workshop.Tests.Ledger.Mechanism;

/// <summary>What a ledger does not take says why, and of whom.</summary>
public sealed class RefusalTests
{
    private static readonly ImmutableArray<long> Setosa = Scenario.Says(0);

    [Fact]
    public void An_entry_that_breaks_a_rule_is_refused_with_the_rule()
    {
        var state = Scenario.Found("iris", 2);
        var left = Scenario.Apply(state, new ExitEntry("m00"));

        Refuses(state, new TreasuryEntry(0), Refusal.Invalid, "A treasury deposit is above 0.");
        Refuses(
            state,
            Scenario.Join("m00", "iris"),
            Refusal.NameTaken,
            "The name 'm00' is taken, or looks like 'm00'."
        );
        Refuses(
            state,
            Scenario.Join("new", "iris", 1),
            Refusal.Invalid,
            "The deposit is too small, or a network or its declared accuracy is not valid."
        );
        Refuses(
            Scenario.Apply(state, new RulesEntry(Parameters.Default with { MaximumMembers = 2 })),
            Scenario.Join("new", "iris"),
            Refusal.Full,
            "At most 2 members have a stake at risk at one time."
        );
        Refuses(state, new ClaimEntry("who", []), Refusal.Unknown, "There is no member 'who'.");
        Refuses(state, new ClaimEntry("m00", []), Refusal.Invalid, "A claim names a network.");
        Refuses(
            state,
            new ClaimEntry("m00", [new("iris", 5)]),
            Refusal.Invalid,
            "'m00' has no open claim for iris, or the claim is not above 0 and at most 1."
        );
        Refuses(state, new ExitEntry("who"), Refusal.Unknown, "There is no member 'who'.");
        Refuses(left, new ExitEntry("m00"), Refusal.Leaving, "'m00' is leaving already, or has left.");
        Refuses(state, new SeedEntry("weather", "ab", ""), Refusal.Invalid, "There is no network 'weather'.");
        Refuses(state, new MoveEntry("who", "http://a"), Refusal.Unknown, "There is no member 'who'.");
    }

    [Fact]
    public void A_whole_accuracy_may_be_claimed()
    {
        var open = Scenario.Apply(
            Scenario.Found("iris", 1),
            Scenario.Join("open", "iris") with
            {
                Networks = [new("iris", 0)],
            }
        );

        Scenario.Apply(open, new ClaimEntry("open", [new("iris", Units.Million)]));
    }

    [Fact]
    public void A_member_moves_with_its_key_which_never_changes_until_it_has_left()
    {
        var state = Scenario.Apply(Scenario.Found("iris", 1), new MoveEntry("m00", "http://b"));
        Assert.Equal(("http://b", null), (state.Members["m00"].Url, state.Members["m00"].Key));

        var keyed = Scenario.Apply(state, new MoveEntry("m00", "http://c", "key"));
        var moved = Scenario.Apply(keyed, new MoveEntry("m00", "http://d"));
        Assert.Equal(("http://d", "key"), (moved.Members["m00"].Url, moved.Members["m00"].Key));
        Assert.Equal("key", Scenario.Apply(moved, new MoveEntry("m00", "http://e", "key")).Members["m00"].Key);
        Refuses(moved, new MoveEntry("m00", "http://e", "other"), Refusal.Invalid, "A member's key never changes.");

        var gone = moved with { Members = moved.Members.SetItem("m00", Left(moved.Members["m00"])) };
        Refuses(gone, new MoveEntry("m00", "http://e"), Refusal.Leaving, "'m00' has left.");
    }

    [Fact]
    public void A_commitment_is_kept()
    {
        var state = Scenario.Apply(Scenario.Found("iris", 1), new SeedEntry("iris", "abc", "begins"));

        Assert.Equal("abc", state.Networks["iris"].Commitment);
    }

    [Fact]
    public void Members_with_a_key_sign_and_each_once()
    {
        const string Once = "Each of some witnesses signs once in a block.";
        var state = Scenario.Found("iris", 2);
        state = Scenario.Apply(state, new MoveEntry("m00", "http://a", "key"));
        state = Scenario.Apply(state, Scenario.Join("m02", "iris") with { Key = "key" });
        WitnessSignature[] both = [new("m00", 1, "h", "s"), new("m02", 1, "h", "s")];

        Scenario.Apply(state, new WitnessesEntry([.. both]));
        Refuses(state, new WitnessesEntry([]), Refusal.Invalid, Once);
        Refuses(state, new WitnessesEntry(default), Refusal.Invalid, Once);
        Refuses(state, new WitnessesEntry([both[0], both[0]]), Refusal.Invalid, Once);
        Refuses(state, new WitnessesEntry([both[0], null!]), Refusal.Invalid, Once);
        Refuses(state, new WitnessesEntry([both[0], both[1] with { Name = null! }]), Refusal.Invalid, Once);
        Refuses(state, new WitnessesEntry([both[0], new("m01", 1, "h", "s")]), Refusal.Unknown, "'m01' is no witness.");
        Refuses(state, new WitnessesEntry([new("who", 1, "h", "s")]), Refusal.Unknown, "'who' is no witness.");
    }

    [Fact]
    public void A_batch_is_the_next_one_and_its_gold_rows_are_its_own()
    {
        var state = Scenario.Found("iris", 1);
        var right = Scenario.Ask(state, "iris", 2, (_, _) => Setosa, _ => 0, gold: 1);

        Refuses(state, right with { Network = "weather" }, Refusal.Invalid, "There is no network 'weather'.");
        Refuses(state, right with { Number = 1 }, Refusal.Invalid, "The next batch of iris is 0, not 1.");
        Refuses(state, right with { Rows = [], Gold = [], Answers = [] }, Refusal.Invalid, "A batch has rows.");
        foreach (
            GoldRow[] gold in new[] { [new(2, 0)], [new(-1, 0)], [new(0, 3)], new GoldRow[] { new(0, 0), new(0, 0) } }
        )
        {
            Refuses(
                state,
                right with
                {
                    Gold = [.. gold],
                },
                Refusal.Invalid,
                "A gold row is outside the batch or given twice, or its truth is none of the network's."
            );
        }
    }

    [Fact]
    public void Answers_are_row_by_row_and_of_the_networks_shape()
    {
        var state = Scenario.Found("iris", 1);
        var right = Scenario.Ask(state, "iris", 2, (_, _) => Setosa, _ => 0, gold: 1);
        var answers = right.Answers[0];

        foreach (
            MemberAnswers[] wrong in new MemberAnswers[][] { [answers, answers], [answers with { Rows = [Setosa] }] }
        )
        {
            Refuses(
                state,
                right with
                {
                    Answers = [.. wrong],
                },
                Refusal.Invalid,
                "A member answers twice, or not row by row."
            );
        }

        foreach (
            var wrong in new[]
            {
                answers with
                {
                    Rows = [Setosa, [1_000_000]],
                },
                answers with
                {
                    Rows = [Setosa, [1, 0, 0]],
                },
                answers with
                {
                    Rows = [Setosa, [1_000_001, -1, 0]],
                },
                answers with
                {
                    Again = [new(2, Setosa)],
                },
            }
        )
        {
            Refuses(
                state,
                right with
                {
                    Answers = [wrong],
                },
                Refusal.Invalid,
                "An answer is not of the network's shape."
            );
        }
    }

    [Fact]
    public void A_truth_that_cannot_be_told_says_why()
    {
        var state = Scenario.Play(Scenario.Found("iris", 3), "iris", 66, (_, _) => Setosa, _ => 0, rows: 8);

        Refuses(state, Truth("weather", 1, (1, 0)), Refusal.Unknown, "There is no network 'weather'.");
        Refuses(state, Truth("iris", 66, (1, 0)), Refusal.Unknown, "iris has no batch 66.");
        Refuses(state, Truth("iris", -1, (1, 0)), Refusal.Unknown, "iris has no batch -1.");
        Refuses(
            state,
            Truth("iris", 0, (1, 0)),
            Refusal.TooLate,
            "Truths are told of the last 64 batches of iris, as far as these have "
                + $"{state.Parameters.TruthRows} rows in all: batch 0 is older."
        );
        Refuses(
            state,
            Truth("iris", 65),
            Refusal.Invalid,
            "Truths are told of at least one row, and of each row once."
        );
        Refuses(state, Truth("iris", 65, (8, 0)), Refusal.Invalid, "Batch 65 has no row 8.");
        Refuses(state, Truth("iris", 65, (-1, 0)), Refusal.Invalid, "Batch 65 has no row -1.");
        Refuses(state, Truth("iris", 65, (7, 3)), Refusal.Invalid, "The truth of row 7 is none of the network's.");
        Refuses(
            state,
            Truth("iris", 65, (0, 0)),
            Refusal.TooLate,
            "The truth of row 0 is known already: it is told once."
        );
        Scenario.Apply(state, Truth("iris", 65, (7, 0)));
    }

    private static Member Left(Member member) =>
        member with
        {
            Memberships = member.Memberships.ToImmutableSortedDictionary(
                pair => pair.Key,
                pair => pair.Value with { Standing = Standing.Left },
                StringComparer.Ordinal
            ),
        };

    private static TruthEntry Truth(string network, long number, params (int Row, long Truth)[] rows) =>
        new(network, number, [.. rows.Select(row => new ToldRow(row.Row, row.Truth))], null);

    private static void Refuses(State state, Entry entry, Refusal refusal, string reason)
    {
        var refused = Assert.IsType<Refused>(Transition.Apply(state, entry));
        Assert.Equal((refusal, reason), (refused.Refusal, refused.Reason));
    }
}
