using System.Collections.Immutable;
using System.Globalization;
using Workshop.Ledger.Mechanism;

namespace LaboratoryBench.Attacks;

/// <summary>What one cell of the matrix gave.</summary>
/// <param name="Attack">Which attack; null for the honest alone.</param>
/// <param name="Network">Which network.</param>
/// <param name="Share">Attackers' share of members (of stake for Sybils), in per cent.</param>
/// <param name="Accuracy">Of the consensus over all batches; for values the share within 20 %.</param>
/// <param name="Settled">The same over the last half of the batches.</param>
/// <param name="Attackers">Per batch, mean weight of the attackers.</param>
/// <param name="Honest">Per batch, mean weight of the honest.</param>
/// <param name="StakeLost">Share of the attackers' stake that is gone.</param>
/// <param name="FalseSlashes">Slashes of honest members.</param>
/// <param name="HonestLoss">Mean share of their stake that honest members lost.</param>
internal sealed record Cell(
    Attack? Attack,
    string Network,
    int Share,
    double Accuracy,
    double Settled,
    ImmutableArray<double> Attackers,
    ImmutableArray<double> Honest,
    double StakeLost,
    int FalseSlashes,
    double HonestLoss
)
{
    /// <summary>Decides which rows trained whom.</summary>
    internal int Split { get; init; }

    /// <summary>Members of the crowd.</summary>
    internal int Members { get; init; } = AttackMatrix.Members;

    /// <summary>Whether it is the long run of honest members.</summary>
    internal bool IsLong { get; init; }

    /// <summary>Euros that attackers lost of their stakes, all together.</summary>
    internal double EurosLost { get; init; }

    /// <summary>Euros that attackers earned, all together.</summary>
    internal double Earned { get; init; }

    /// <summary>Euros that an honest member earned on average.</summary>
    internal double HonestEarned { get; init; }

    /// <summary>The state after the last batch.</summary>
    internal State Final { get; init; } = State.Empty;

    /// <summary>Share of weight, against the honest, that attackers had lost 50 batches after they began.</summary>
    internal double WeightLost
    {
        get
        {
            var at = Math.Min(
                Attackers.Length - 1,
                (Attack is Attacks.Attack.Sleeper or Attacks.Attack.CopyBetray ? Deceit.WakeBatch : 0) + 50
            );
            return Honest[at] <= 0 ? 0 : 1 - Math.Min(1, Attackers[at] / Honest[at]);
        }
    }
}

/// <summary>Runs the real mechanism over a crowd with attackers in it.</summary>
/// <param name="crowd">Real answers.</param>
/// <param name="batches">How many batches.</param>
/// <param name="parameters">The mechanism's constants.</param>
internal sealed class Simulation(TrainedCrowd crowd, int batches, Parameters parameters)
{
    private const int Seed = 11;

    private const int RowsPerBatch = 32;

    private const long StakeCents = 2000_00;

    private const double CentsPerEuro = 100;

    /// <summary>Runs one cell.</summary>
    /// <param name="attack">Null leaves the attackers out: the honest alone.</param>
    /// <param name="share">Per cent of the members.</param>
    internal Cell Run(Attack? attack, int share)
    {
        var count = crowd.Answers.Length * share / 100;
        var members = Enumerable
            .Range(0, crowd.Answers.Length)
            .SelectMany(index => Roles(attack, index, isAttacker: index < count))
            .ToImmutableArray();
        var state = Found(attack, members);
        var scene = new Scene(crowd, count, parameters);
        var random = new Random(Seed);
        var right = new List<bool>();
        var attackers = ImmutableArray.CreateBuilder<double>(batches);
        var honest = ImmutableArray.CreateBuilder<double>(batches);
        var falseSlashes = 0;
        for (var batch = 0; batch < batches; batch++)
        {
            var gold = Gold.CountOf(RowsPerBatch, parameters);
            var rows = Draw(gold, random);
            var applied = (Applied)Transition.Apply(state, Ask(attack, scene, members, rows, batch));
            state = applied.State;
            var settlement = ((BatchEntry)applied.Entry).Settlement!;
            right.AddRange(
                settlement
                    .Consensus.Zip(rows)
                    .Skip(gold)
                    .Select(pair =>
                        !pair.First.IsEmpty
                        && !Gold.IsLoss(crowd.Network, pair.First, crowd.Truths[pair.Second], parameters)
                    )
            );
            var weights = settlement.Members.ToDictionary(
                entry => entry.Member,
                entry => (double)entry.Weight,
                StringComparer.Ordinal
            );
            attackers.Add(Mean(members.Where(role => role.Attacks), weights));
            honest.Add(Mean(members.Where(role => !role.Attacks), weights));
            falseSlashes += settlement.Members.Count(entry =>
                entry.Events.Contains("slashed", StringComparer.Ordinal)
                && members.Single(role => string.Equals(role.Name, entry.Member, StringComparison.Ordinal))
                    is { Attacks: false }
            );
        }

        return Measure(
            new(
                attack,
                crowd.Network.Name,
                share,
                Share(right),
                Share(right[(right.Count / 2)..]),
                attackers.ToImmutable(),
                honest.ToImmutable(),
                Lost(state, members.Where(role => role.Attacks)),
                falseSlashes,
                Lost(state, members.Where(role => !role.Attacks))
            ),
            state,
            members
        );
    }

    /// <summary>Adds what became of the money.</summary>
    private Cell Measure(Cell cell, State state, ImmutableArray<Role> members) =>
        cell with
        {
            Final = state,
            EurosLost = members
                .Where(role => role.Attacks)
                .Sum(role => (Of(state, role).DepositCents - Of(state, role).StakeCents) / CentsPerEuro),
            Earned = members.Where(role => role.Attacks).Sum(role => Of(state, role).EarnedCents / CentsPerEuro),
            HonestEarned = members
                .Where(role => !role.Attacks)
                .Select(role => Of(state, role).EarnedCents / CentsPerEuro)
                .DefaultIfEmpty(0)
                .Average(),
        };

    /// <summary>
    /// Sybils hold one stake under two names, whales two stakes under one; nobody is there for an attacker when the honest
    /// are alone.
    /// </summary>
    private static IEnumerable<Role> Roles(Attack? attack, int index, bool isAttacker) =>
        (attack, isAttacker) switch
        {
            (null, true) => [],
            (Attack.Whale, true) => index % 2 == 0 ? [new(index, "", 2 * StakeCents, true)] : [],
            (Attack.Sybil, true) => [new(index, "a", StakeCents / 2, true), new(index, "b", StakeCents / 2, true)],
            _ => [new(index, "", StakeCents, isAttacker)],
        };

    /// <summary>A batch's rows: the gold ones first, from rows that are nothing else.</summary>
    private int[] Draw(int gold, Random random) =>
        [
            .. Enumerable
                .Range(0, RowsPerBatch)
                .Select(row =>
                    row < gold ? random.Next(crowd.GoldRows) : random.Next(crowd.GoldRows, crowd.Truths.Length)
                ),
        ];

    private State Found(Attack? attack, ImmutableArray<Role> members)
    {
        var state = Apply(State.Empty, new RulesEntry(parameters));
        state = Apply(state, new TreasuryEntry(1000_00));
        foreach (var role in members)
        {
            var claim = new NetworkClaim(
                crowd.Network.Name,
                Units.ToMillionths(
                    Math.Clamp(
                        attack == Attack.LowClaim && role.Attacks ? Deceit.LowClaim : crowd.Declared[role.Index],
                        Gold.Chance(crowd.Network, parameters),
                        parameters.EstimateMaximum
                    )
                )
            );
            state = Apply(
                state,
                new RegistrationEntry(role.Name, "http://x", "predict", role.StakeCents, [claim], Founder: true)
            );
        }

        return state;
    }

    private static State Apply(State state, Entry entry) => ((Applied)Transition.Apply(state, entry)).State;

    private BatchEntry Ask(Attack? attack, Scene scene, ImmutableArray<Role> members, int[] rows, int batch)
    {
        var gold = Gold.CountOf(RowsPerBatch, parameters);
        return new(
            crowd.Network.Name,
            batch,
            [.. rows.Select(row => row.ToString(CultureInfo.InvariantCulture))],
            // The mechanism does not look at the order of rows, so gold may stand first.
            [.. Enumerable.Range(0, gold).Select(row => new GoldRow(row, crowd.Truths[rows[row]]))],
            [
                .. members.Select(role => new MemberAnswers(
                    role.Name,
                    [
                        .. rows.Select(
                            (row, index) =>
                                Answer(
                                    attack,
                                    role,
                                    new(scene, role.Index, batch, row, rows[Math.Max(0, index - 1)], index < gold)
                                )
                        ),
                    ],
                    []
                )),
            ],
            null
        );
    }

    private static ImmutableArray<long> Answer(Attack? attack, Role role, Asked asked) =>
        role.Attacks ? Deceit.Answer(attack!.Value, asked) : asked.Honest;

    private static double Mean(IEnumerable<Role> roles, Dictionary<string, double> weights) =>
        roles.Select(role => weights.GetValueOrDefault(role.Name)).DefaultIfEmpty(0).Average();

    private static double Share(List<bool> right) => right.Count(isRight => isRight) / (double)right.Count;

    private Membership Of(State state, Role role) => state.Members[role.Name].Memberships[crowd.Network.Name];

    private double Lost(State state, IEnumerable<Role> roles) =>
        roles
            .Select(role => state.Members[role.Name].Memberships[crowd.Network.Name])
            .Select(membership => 1 - (membership.StakeCents / (double)membership.DepositCents))
            .DefaultIfEmpty(0)
            .Average();

    /// <summary>A member of the simulation.</summary>
    private sealed record Role(int Index, string Suffix, long StakeCents, bool Attacks)
    {
        internal string Name { get; } = string.Create(CultureInfo.InvariantCulture, $"m{Index:00}{Suffix}");
    }
}
