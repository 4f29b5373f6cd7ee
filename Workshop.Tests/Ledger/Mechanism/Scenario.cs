using System.Collections.Immutable;
using System.Globalization;
using Workshop.Ledger.Mechanism;

namespace Workshop.Tests.Ledger.Mechanism;

/// <summary>Ledgers for tests, in a few words.</summary>
internal static class Scenario
{
    internal const long Deposit = 1000_00;

    /// <summary>A network with members named m00, m01, …</summary>
    internal static State Found(string network, int members, long depositCents = Deposit, double declared = 0.9)
    {
        var state = Apply(State.Empty, new RulesEntry(Parameters.Default));
        state = Apply(state, new TreasuryEntry(1000_00));
        for (var index = 0; index < members; index++)
        {
            state = Apply(state, Join(Name(index), network, depositCents, declared));
        }

        return state;
    }

    internal static string Name(int index) => string.Create(CultureInfo.InvariantCulture, $"m{index:00}");

    internal static RegistrationEntry Join(string name, string network, long cents = Deposit, double declared = 0.9) =>
        new(name, "http://localhost:1", "predict", cents, [new(network, Units.ToMillionths(declared))]);

    internal static State Apply(State state, Entry entry) => Assert(Transition.Apply(state, entry)).State;

    internal static Settlement Settle(State state, BatchEntry batch) =>
        ((BatchEntry)Assert(Transition.Apply(state, batch)).Entry).Settlement!;

    /// <summary>A batch in which each member answers by a function of its index and the row; empty is a miss.</summary>
    internal static BatchEntry Ask(
        State state,
        string network,
        int rows,
        Func<int, int, ImmutableArray<long>> answer,
        Func<int, long> truth,
        int? gold = null
    ) =>
        new(
            network,
            state.Networks[network].Batches,
            // No two batches ask the same row: a gold row that is asked again is no new evidence.
            [
                .. Enumerable
                    .Range(0, rows)
                    .Select(row =>
                        string.Create(CultureInfo.InvariantCulture, $"{state.Networks[network].Batches}.{row}")
                    ),
            ],
            [
                .. Enumerable
                    .Range(0, gold ?? Gold.CountOf(rows, state.Parameters))
                    .Select(row => new GoldRow(row, truth(row))),
            ],
            [
                .. state
                    .Members.Keys.Where(name => state.Members[name].Memberships[network].AtRisk)
                    .Select(name => new MemberAnswers(
                        name,
                        [
                            .. Enumerable
                                .Range(0, rows)
                                .Select(row =>
                                    answer(int.Parse(name[1..].TrimEnd('a', 'b'), CultureInfo.InvariantCulture), row)
                                ),
                        ],
                        []
                    )),
            ],
            null
        );

    /// <summary>Certain of one class.</summary>
    internal static ImmutableArray<long> Says(int label, int classes = 3) =>
        [.. Enumerable.Range(0, classes).Select(index => index == label ? Units.Million : 0)];

    /// <summary>Plays many batches.</summary>
    internal static State Play(
        State state,
        string network,
        int batches,
        Func<int, int, ImmutableArray<long>> answer,
        Func<int, long> truth,
        int rows = 32
    )
    {
        for (var batch = 0; batch < batches; batch++)
        {
            state = Apply(state, Ask(state, network, rows, answer, truth));
        }

        return state;
    }

    internal static Membership Of(this State state, string network, int index) =>
        state.Members[Name(index)].Memberships[network];

    private static Applied Assert(Outcome outcome) =>
        outcome as Applied ?? throw new InvalidOperationException((outcome as Refused)?.Reason);
}
