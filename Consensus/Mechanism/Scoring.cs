using System.Collections.Immutable;

namespace Consensus.Mechanism;

/// <summary>Turns a batch's answers into what each member did.</summary>
internal static class Scoring
{
    /// <summary>One draft per member with stake at risk, sorted by name; scored where it was asked.</summary>
    internal static ImmutableArray<Draft> Of(State state, BatchEntry batch, Electorate electorate)
    {
        var network = Network.All[batch.Network];
        var answers = batch.Answers.ToDictionary(entry => entry.Member, StringComparer.Ordinal);
        var rows = Rows(batch);
        return
        [
            .. Electorate
                .Of(state.Members, batch.Network)
                .Where(entry => entry.Membership.AtRisk)
                .Select(entry => new Draft(entry.Name, entry.Membership)
                {
                    Score = answers.TryGetValue(entry.Name, out var own)
                        ? Score(network, batch, own, electorate, rows, state.Parameters)
                        : null,
                }),
        ];
    }

    /// <summary>Per row the answers by member.</summary>
    internal static ImmutableArray<Dictionary<string, ImmutableArray<long>>> Rows(BatchEntry batch) =>
        [
            .. Enumerable
                .Range(0, batch.Rows.Length)
                .Select(row =>
                    batch.Answers.ToDictionary(entry => entry.Member, entry => entry.Rows[row], StringComparer.Ordinal)
                ),
        ];

    private static Score Score(
        Network network,
        BatchEntry batch,
        MemberAnswers own,
        Electorate electorate,
        ImmutableArray<Dictionary<string, ImmutableArray<long>>> rows,
        Parameters parameters
    )
    {
        var answered = own.Rows.Count(answer => !answer.IsEmpty);
        return new(
            answered,
            Absence.Missed(answered, batch.Rows.Length),
            Agreement.Of(network, own.Member, electorate, rows, parameters),
            [
                .. batch
                    .Gold.Where(gold => !own.Rows[gold.Row].IsEmpty)
                    .Select(gold => Gold.IsLoss(network, own.Rows[gold.Row], gold.Truth, parameters)),
            ],
            own.Again.Any(second =>
                !own.Rows[second.Row].IsEmpty
                && Equivocation.Is(network, own.Rows[second.Row], second.Answer, parameters)
            )
        );
    }
}
