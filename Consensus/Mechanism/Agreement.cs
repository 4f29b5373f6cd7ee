using System.Collections.Immutable;

namespace Consensus.Mechanism;

/// <summary>How a member's answers to a batch compare with the consensus of the others, leaving its own out.</summary>
/// <param name="Rows">Rows on which the others had a consensus; A is <see cref="Agreed"/> of these.</param>
/// <param name="Agreed">
/// Rows of those that the member answered as the others did; a missed row is not agreed on.
/// </param>
/// <param name="Disagreements">Per answered row, whether it differed, in the order of the rows.</param>
/// <param name="BestConstant">The share that the best constant answer would have agreed on.</param>
public sealed record Agreement(int Rows, int Agreed, ImmutableArray<bool> Disagreements, double BestConstant)
{
    /// <summary>A, or null when there was nobody to agree with.</summary>
    public double? Share => Rows == 0 ? null : (double)Agreed / Rows;

    /// <summary>Compares one member with the others.</summary>
    /// <param name="network">Classes or a value.</param>
    /// <param name="member">Whose answers are judged and left out.</param>
    /// <param name="electorate">Who counts.</param>
    /// <param name="rows">Per row the answers by member; an absent or empty one is a miss.</param>
    /// <param name="parameters">Band for values.</param>
    public static Agreement Of(
        Network network,
        string member,
        Electorate electorate,
        IReadOnlyList<IReadOnlyDictionary<string, ImmutableArray<long>>> rows,
        Parameters parameters
    )
    {
        var compared = 0;
        var disagreements = ImmutableArray.CreateBuilder<bool>(rows.Count);
        var labels = new List<int>(rows.Count);
        var bands = new List<(double Low, double High)>(rows.Count);
        foreach (var row in rows)
        {
            var others = electorate.Count(row, member).Anonymous();
            if (others.Length == 0)
            {
                continue;
            }

            compared++;
            var own = row.GetValueOrDefault(member, []);
            bool agrees;
            if (network.IsRegression)
            {
                var centre = RobustCentre.Of(others);
                var reach = centre.Reach(parameters);
                bands.Add((centre.Median - reach, centre.Median + reach));
                agrees = !own.IsEmpty && centre.Accepts(own[0], parameters);
            }
            else
            {
                var label = Aggregate.Plurality(network.AnswerLength, others);
                labels.Add(label);
                agrees = !own.IsEmpty && Probabilities.ArgMax(own.AsSpan()) == label;
            }

            if (!own.IsEmpty)
            {
                disagreements.Add(!agrees);
            }
        }

        var constant = network.IsRegression
            ? Rewards.BestConstant(bands)
            : Rewards.BestConstant([.. labels], network.ClassCount);
        return new(compared, disagreements.Count(differs => !differs), disagreements.ToImmutable(), constant);
    }
}
