using System.Collections.Immutable;

namespace Workshop.Ledger.Mechanism;

/// <summary>One row as points: what each member said, what the pool and the majority said.</summary>
/// <param name="answers">The members' points, one after another.</param>
/// <param name="pool">What the members with influence say together.</param>
/// <param name="majority">The class or value that most backing in good standing names.</param>
internal sealed class RowSight(double[] answers, double[] pool, double[] majority)
{
    /// <summary>The majority's point.</summary>
    internal double[] Majority => majority;

    /// <summary>A member's point.</summary>
    internal ReadOnlySpan<double> Of(int member) => answers.AsSpan(member * pool.Length, pool.Length);

    /// <summary>How much further from a yardstick a member is than the pool.</summary>
    internal double Excess(int member, double[] yardstick) =>
        Points.Distance(Of(member), yardstick) - Points.Distance(pool, yardstick);

    /// <summary>
    /// What the truth changes in a member's excess, as the majority saw it; 0 where the majority was right. The mean of
    /// these over gold rows makes the excess over all rows unbiased, whatever the majority says, as long as nobody knows
    /// which rows are gold: prediction-powered inference (Angelopoulos et al. 2023).
    /// </summary>
    internal double Correction(int member, double[] truth) => Excess(member, truth) - Excess(member, majority);
}

/// <summary>Pool and majority of one row, as they were when it was asked.</summary>
/// <param name="Pool">The pool's point; empty where nobody with influence answered.</param>
/// <param name="Majority">Index of the class, or the median in cents.</param>
public sealed record RowView(ImmutableArray<double> Pool, double Majority)
{
    /// <summary>A row that nobody with influence answered.</summary>
    internal static RowView Unseen { get; } = new([], 0);
}

/// <summary>Looks at rows: whom the members resemble, and how far they are from pool, majority and truth.</summary>
internal static class Sight
{
    /// <summary>Pool and majority of each row under the weights in force.</summary>
    internal static ImmutableArray<RowView> Views(Network network, Sheet sheet, Parameters parameters)
    {
        var views = ImmutableArray.CreateBuilder<RowView>(sheet.Rows);
        var answers = new ImmutableArray<long>[sheet.Electorate.Count];
        for (var row = 0; row < sheet.Rows; row++)
        {
            sheet.Write(row, answers);
            views.Add(View(network, sheet.Electorate, answers, parameters));
        }

        return views.MoveToImmutable();
    }

    /// <summary>The row as points; null where nobody with influence answered.</summary>
    /// <param name="network">Classes or a value.</param>
    /// <param name="view">Pool and majority of the row.</param>
    /// <param name="members">How many members are compared.</param>
    /// <param name="answer">A member's answer by its place; empty for a miss.</param>
    /// <param name="parameters">The tolerance for values.</param>
    internal static RowSight? Of(
        Network network,
        RowView view,
        int members,
        Func<int, ImmutableArray<long>> answer,
        Parameters parameters
    )
    {
        if (view.Pool.IsEmpty)
        {
            return null;
        }

        var points = new Points(network, view.Majority, parameters);
        var size = view.Pool.Length;
        var all = new double[members * size];
        for (var member = 0; member < members; member++)
        {
            points.Write(answer(member), all.AsSpan(member * size, size));
        }

        return new(all, [.. view.Pool], points.Of(view.Majority));
    }

    /// <summary>What a known truth says of each member's answer to a row of a batch; null for a miss.</summary>
    internal static ImmutableArray<GoldMark?> Marks(
        Network network,
        RowView view,
        int members,
        Func<int, ImmutableArray<long>> answer,
        long truth,
        long batch,
        Parameters parameters
    )
    {
        var sight = Of(network, view, members, answer, parameters);
        var right = new Points(network, view.Majority, parameters).Of(truth);
        var marks = ImmutableArray.CreateBuilder<GoldMark?>(members);
        for (var member = 0; member < members; member++)
        {
            var own = answer(member);
            marks.Add(
                own.IsEmpty
                    ? null
                    : new GoldMark(
                        Gold.IsLoss(network, own, truth, parameters),
                        sight?.Correction(member, right) ?? 0,
                        batch
                    )
            );
        }

        return marks.MoveToImmutable();
    }

    private static RowView View(
        Network network,
        Electorate electorate,
        ImmutableArray<long>[] answers,
        Parameters parameters
    )
    {
        var votes = new Vote[answers.Length];
        var witnesses = votes.AsSpan(0, electorate.Witnesses(answers, votes));
        if (witnesses.IsEmpty)
        {
            return RowView.Unseen;
        }

        var majority = network.IsRegression
            ? RobustCentre.Of(witnesses).Median
            : Aggregate.Plurality(network.AnswerLength, witnesses);
        var pool = votes.AsSpan(0, electorate.Cast(answers, Electorate.Nobody, votes, out _));
        return pool.IsEmpty ? RowView.Unseen : new(Mean(pool, new(network, majority, parameters)), majority);
    }

    private static ImmutableArray<double> Mean(ReadOnlySpan<Vote> votes, Points points)
    {
        var size = votes[0].Answer.Length;
        var total = 0.0;
        foreach (var vote in votes)
        {
            total += vote.Influence;
        }

        Span<double> point = stackalloc double[size];
        var mean = new double[size];
        foreach (var vote in votes)
        {
            points.Write(vote.Answer, point);
            for (var index = 0; index < size; index++)
            {
                mean[index] += vote.Influence / total * point[index];
            }
        }

        return [.. mean];
    }
}
