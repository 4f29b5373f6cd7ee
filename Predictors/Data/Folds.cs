namespace Predictors.Data;

/// <summary>Stratified k-fold cross-validation: every fold has its share of each class, or of cheap and dear.</summary>
public static class Folds
{
    /// <summary>Number of folds of every evaluation.</summary>
    public const int Count = 5;

    /// <summary>Seed of the shuffle: the same folds for every learner, on every run.</summary>
    private const int Seed = 20_111;

    /// <summary>Assigns each row to a fold.</summary>
    /// <param name="data">Rows with targets.</param>
    /// <returns>Per row a fold in [0, <see cref="Count"/>).</returns>
    /// <remarks>
    /// Rows are shuffled, then sorted by target (stable), then dealt in turn; within each run of <see cref="Count"/>
    /// the folds are shuffled, so that no fold gets the larger of every five prices.
    /// </remarks>
    public static int[] Assign(DataSet data)
    {
        var random = new Random(Seed);
        var order = Enumerable.Range(0, data.Count).ToArray();
        random.Shuffle(order);
        order = [.. order.OrderBy(row => data.Targets[row])];
        var folds = new int[data.Count];
        var deal = Enumerable.Range(0, Count).ToArray();
        for (var position = 0; position < order.Length; position++)
        {
            if (position % Count == 0)
            {
                random.Shuffle(deal);
            }

            folds[order[position]] = deal[position % Count];
        }

        return folds;
    }

    /// <summary>The training and test rows of one fold.</summary>
    public static (int[] Training, int[] Test) Split(int[] folds, int fold)
    {
        var rows = Enumerable.Range(0, folds.Length);
        return ([.. rows.Where(row => folds[row] != fold)], [.. rows.Where(row => folds[row] == fold)]);
    }
}
