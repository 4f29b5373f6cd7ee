using System.Collections.Immutable;

namespace Workshop.Ledger.Mechanism;

/// <summary>
/// What all rows have shown of a network's members, truth or not: sums in which old rows fade. A member that joined
/// later has counted fewer rows; two members have been compared on the rows of the later one.
/// </summary>
/// <param name="Names">Who is compared, sorted.</param>
/// <param name="Rows">Per member, rows seen, faded.</param>
/// <param name="Excess">Per member, how much further it was from the majority's answer than the pool was.</param>
/// <param name="Distances">For each pair, row by row of the square, their squared distance.</param>
public sealed record Comparison(
    ImmutableArray<string> Names,
    ImmutableArray<double> Rows,
    ImmutableArray<double> Excess,
    ImmutableArray<double> Distances
)
{
    /// <summary>Before the first batch.</summary>
    public static Comparison Empty { get; } = new([], [], [], []);

    /// <summary>The same sums for other members: a new one starts at 0, one that is gone is forgotten.</summary>
    internal Comparison For(ImmutableArray<string> names)
    {
        if (names.AsSpan().SequenceEqual(Names.AsSpan()))
        {
            return this;
        }

        var before = Alignment.Of(Names, names);
        var distances = new double[names.Length * names.Length];
        for (var first = 0; first < names.Length; first++)
        {
            for (var second = 0; second < names.Length; second++)
            {
                distances[(first * names.Length) + second] =
                    before[first] < 0 || before[second] < 0
                        ? 0
                        : Distances[(before[first] * Names.Length) + before[second]];
            }
        }

        return new(names, Alignment.Move(Rows, before, 0), Alignment.Move(Excess, before, 0), [.. distances]);
    }

    /// <summary>After one more batch.</summary>
    /// <param name="sights">What each row showed, in the order in which they were asked.</param>
    /// <param name="parameters">How many rows are remembered.</param>
    internal Comparison After(IReadOnlyList<RowSight> sights, Parameters parameters)
    {
        var size = Names.Length;
        var (weights, kept) = Fading(sights.Count, parameters);
        var rows = Scaled(Rows, kept);
        var excess = Scaled(Excess, kept);
        var distances = Scaled(Distances, kept);
        for (var row = 0; row < weights.Length; row++)
        {
            var (sight, weight) = (sights[row], weights[row]);
            for (var first = 0; first < size; first++)
            {
                rows[first] += weight;
                excess[first] += weight * sight.Excess(first, sight.Majority);
                for (var second = 0; second < first; second++)
                {
                    distances[(first * size) + second] += weight * Points.Distance(sight.Of(first), sight.Of(second));
                }
            }
        }

        for (var first = 0; first < size; first++)
        {
            for (var second = 0; second < first; second++)
            {
                distances[(second * size) + first] = distances[(first * size) + second];
            }
        }

        return new(Names, [.. rows], [.. excess], [.. distances]);
    }

    /// <summary>D: mean squared distance of two members.</summary>
    internal double Distance(int first, int second)
    {
        var rows = Math.Min(Rows[first], Rows[second]);
        return rows > 0 ? Distances[(first * Names.Length) + second] / rows : 0;
    }

    /// <summary>Mean excess of a member, as far as the majority knows.</summary>
    internal double MeanExcess(int member) => Rows[member] > 0 ? Excess[member] / Rows[member] : 0;

    /// <summary>What each new row counts, and what is kept of the old ones: 1 - 1/320 to the power of a row's age.</summary>
    private static (double[] Weights, double Kept) Fading(int rows, Parameters parameters)
    {
        var fade = 1 - (1.0 / parameters.ComparedRows);
        var weights = new double[rows];
        var kept = 1.0;
        for (var row = rows - 1; row >= 0; row--)
        {
            weights[row] = kept;
            kept *= fade;
        }

        return (weights, kept);
    }

    private static double[] Scaled(ImmutableArray<double> sums, double factor)
    {
        var scaled = new double[sums.Length];
        for (var index = 0; index < scaled.Length; index++)
        {
            scaled[index] = sums[index] * factor;
        }

        return scaled;
    }
}

/// <summary>Carries what is kept per member over to another list of members.</summary>
internal static class Alignment
{
    /// <summary>Per new name its place among the old ones; -1 for a new member.</summary>
    internal static int[] Of(ImmutableArray<string> before, ImmutableArray<string> names)
    {
        var places = new int[names.Length];
        for (var index = 0; index < places.Length; index++)
        {
            places[index] = Math.Max(-1, before.BinarySearch(names[index], StringComparer.Ordinal));
        }

        return places;
    }

    /// <summary>The values in their new places.</summary>
    internal static ImmutableArray<T> Move<T>(ImmutableArray<T> values, int[] places, T missing)
    {
        var moved = ImmutableArray.CreateBuilder<T>(places.Length);
        foreach (var place in places)
        {
            moved.Add(place < 0 ? missing : values[place]);
        }

        return moved.MoveToImmutable();
    }
}
