using System.Collections.Immutable;
using System.Globalization;
using CsCheck;
using Workshop.Ledger.Mechanism;
using Xunit;

namespace Workshop.Tests.Ledger.Mechanism;

/// <summary>How much each member counts, whatever the answers.</summary>
public sealed class WorthTests
{
    private const int Rows = 24;

    /// <summary>Answers of four to eight members to one batch, by seed; stakes in thousands of euros.</summary>
    private static readonly Gen<(int Members, int Seed)> Crowds = Gen.Select(
        Gen.Int[4, 8],
        Gen.Int[0, int.MaxValue],
        (members, seed) => (members, seed)
    );

    [Fact]
    public void Splitting_a_stake_in_two_never_raises_influence() =>
        Crowds.Sample(
            crowd =>
            {
                var whole = Share(Play(crowd.Members, crowd.Seed, isSplit: false), "m00");
                var split = Play(crowd.Members, crowd.Seed, isSplit: true);

                Assert.True(Share(split, "m00a") + Share(split, "m00b") <= whole + 1e-9);
            },
            iter: Trials.Of(60)
        );

    [Fact]
    public void Copies_count_alike_and_together_no_more_than_one_seat_of_full_weight() =>
        Crowds.Sample(
            crowd =>
            {
                var electors = Play(crowd.Members, crowd.Seed, isSplit: false, copies: 3);
                var copies = electors.Where(elector => elector.Name.StartsWith("copy", StringComparison.Ordinal));
                var weights = copies.Select(copy => copy.Weight).ToArray();

                Assert.All(weights, weight => Assert.Equal(weights[0], weight, 12));
                Assert.True(weights.Sum() <= 1);
            },
            iter: Trials.Of(60)
        );

    private static double Share(IReadOnlyList<Elector> electors, string name) =>
        electors.Where(elector => string.Equals(elector.Name, name, StringComparison.Ordinal)).Sum(Influence)
        / electors.Sum(Influence);

    private static bool Is(string name, string other) => string.Equals(name, other, StringComparison.Ordinal);

    private static double Influence(Elector elector) => elector.StakeCents * elector.Weight;

    /// <summary>Three batches; who counts what after them.</summary>
    private static Elector[] Play(int members, int seed, bool isSplit, int copies = 0)
    {
        var state = Scenario.Apply(State.Empty, new RulesEntry(Parameters.Default));
        (string Name, int Answers, long Cents)[] all =
        [
            .. Enumerable
                .Range(0, members)
                .SelectMany(index =>
                    index == 0 && isSplit
                        ? new[] { ("m00a", 0, 2000_00L), ("m00b", 0, 2000_00L) }
                        : [(Scenario.Name(index), index, index == 0 ? 4000_00L : 3000_00L)]
                ),
            .. Enumerable
                .Range(0, copies)
                .Select(copy => (string.Create(CultureInfo.InvariantCulture, $"copy{copy}"), 0, 3000_00L)),
        ];
        foreach (var (name, _, cents) in all)
        {
            state = Scenario.Apply(state, Scenario.Join(name, "iris", cents));
        }

        for (var batch = 0; batch < 3; batch++)
        {
            state = Scenario.Apply(
                state,
                new BatchEntry(
                    "iris",
                    batch,
                    [
                        .. Enumerable
                            .Range(0, Rows)
                            .Select(row => string.Create(CultureInfo.InvariantCulture, $"{batch}.{row}")),
                    ],
                    [new(0, 0), new(1, 1), new(2, 2)],
                    [
                        .. all.Select(member => new MemberAnswers(
                            member.Name,
                            [.. Enumerable.Range(0, Rows).Select(row => Answer(seed, member.Answers, batch, row))],
                            []
                        )),
                    ],
                    null
                )
            );
        }

        var electorate = Electorate.Of(state, "iris");
        return
        [
            .. electorate
                .Tally(all.ToDictionary(member => member.Name, _ => Scenario.Says(0), StringComparer.Ordinal))
                .Votes.Select(vote =>
                    (vote.Name, vote.Vote.Influence, Cents: all.Single(member => Is(member.Name, vote.Name)).Cents)
                )
                .Select(vote => new Elector(vote.Name, vote.Cents, vote.Influence / vote.Cents, 1)),
        ];
    }

    /// <summary>Mostly right, each in its own way, by seed.</summary>
    private static ImmutableArray<long> Answer(int seed, int member, int batch, int row)
    {
        var random = new Random(((((seed * 31) + member) * 31) + batch) * 31 + row);
        double[] parts = [random.NextDouble(), random.NextDouble(), random.NextDouble()];
        parts[row % 3] += random.Next(4);
        return Probabilities.Normalise(parts);
    }
}
