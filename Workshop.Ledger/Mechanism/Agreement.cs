using System.Collections.Immutable;

namespace Workshop.Ledger.Mechanism;

/// <summary>How a member's answers to a batch compare with the consensus of the others, leaving its own out.</summary>
/// <param name="Rows">Rows on which the others had a consensus; A is <see cref="Agreed"/> of these.</param>
/// <param name="Agreed">
/// Rows of those that the member answered as the others did; a missed row is not agreed on.
/// </param>
/// <param name="BestConstant">The share that the best constant answer would have agreed on.</param>
public sealed record Agreement(int Rows, int Agreed, double BestConstant)
{
    /// <summary>A, or null when there was nobody to agree with.</summary>
    public double? Share => Rows == 0 ? null : (double)Agreed / Rows;

    /// <summary>Compares one member with the others.</summary>
    /// <param name="network">Classes or a value.</param>
    /// <param name="sheet">What was answered.</param>
    /// <param name="member">Whose answers are judged and left out.</param>
    /// <param name="parameters">Band for values.</param>
    internal static Agreement Of(Network network, Sheet sheet, int member, Parameters parameters)
    {
        var compared = 0;
        var agreed = 0;
        var labels = new int[sheet.Rows];
        var bands = new (double Low, double High)[network.IsRegression ? sheet.Rows : 0];
        var answers = new ImmutableArray<long>[sheet.Electorate.Count];
        var votes = new Vote[answers.Length];
        var elector = sheet.ElectorOf(member);
        for (var row = 0; row < sheet.Rows; row++)
        {
            sheet.Write(row, answers);
            var others = votes.AsSpan(0, sheet.Electorate.Cast(answers, elector, votes, out _));
            if (others.IsEmpty)
            {
                continue;
            }

            var own = sheet.Answer(member, row);
            bool agrees;
            if (network.IsRegression)
            {
                var centre = RobustCentre.Of(others);
                var reach = centre.Reach(parameters);
                bands[compared] = (centre.Median - reach, centre.Median + reach);
                agrees = !own.IsEmpty && centre.Accepts(own[0], parameters);
            }
            else
            {
                labels[compared] = Aggregate.Plurality(network.AnswerLength, others);
                agrees = !own.IsEmpty && Probabilities.ArgMax(own.AsSpan()) == labels[compared];
            }

            compared++;
            agreed += agrees ? 1 : 0;
        }

        var constant = network.IsRegression
            ? Rewards.BestConstant(bands.AsSpan(0, compared))
            : Rewards.BestConstant(labels.AsSpan(0, compared), network.ClassCount);
        return new(compared, agreed, constant);
    }
}
