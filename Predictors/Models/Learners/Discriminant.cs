namespace Predictors.Models.Learners;

/// <summary>
/// Linear discriminant analysis (Fisher 1936; Hastie, Tibshirani and Friedman 2009, 4.3): each class is a normal
/// distribution of its own mean, all with one covariance. Bayes' rule then is a weighted sum per class. The covariance is
/// drawn towards a round one, so that it can be inverted where numbers repeat one another (Friedman 1989).
/// </summary>
internal static class Discriminant
{
    /// <summary>Added to each class's count of rows (Laplace): a class without rows is not ruled out.</summary>
    private const double ClassPrior = 1;

    /// <summary>Least variance: where no number varies within the classes the covariance still has an inverse.</summary>
    private const double LeastVariance = 1e-6;

    /// <summary>Fits a weighted sum per class.</summary>
    /// <param name="vectors">Standardised rows.</param>
    /// <param name="targets">Per row its class.</param>
    /// <param name="classCount">Number of classes.</param>
    /// <param name="shrinkage">Share of the round covariance, in (0, 1].</param>
    internal static LinearHead Fit(float[][] vectors, double[] targets, int classCount, double shrinkage)
    {
        var rowsOf = Enumerable
            .Range(0, classCount)
            .Select(label => vectors.Where((_, row) => targets[row] == label).ToArray())
            .ToArray();
        double[][] means = [.. rowsOf.Select(rows => Mean(rows, vectors[0].Length))];
        var factor = Cholesky.Factor(Covariance(vectors, targets, means, shrinkage));
        double[][] weights = [.. means.Select(mean => Cholesky.Solve(factor, mean))];
        return new(
            weights,
            [
                .. means.Select(
                    (mean, label) =>
                        Math.Log((rowsOf[label].Length + ClassPrior) / (vectors.Length + (classCount * ClassPrior)))
                        - (mean.Zip(weights[label], (centre, weight) => centre * weight).Sum() / 2)
                ),
            ]
        );
    }

    /// <summary>Of a class without rows the mean of all rows, which is 0.</summary>
    private static double[] Mean(float[][] rows, int width) =>
        [.. Enumerable.Range(0, width).Select(index => rows.Length == 0 ? 0 : rows.Average(row => (double)row[index]))];

    private static double[][] Covariance(float[][] vectors, double[] targets, double[][] means, double shrinkage)
    {
        double[][] columns =
        [
            .. Enumerable
                .Range(0, means[0].Length)
                .Select(index =>
                    vectors.Select((row, place) => row[index] - means[(int)targets[place]][index]).ToArray()
                ),
        ];
        var covariance = Products.Of(columns);
        var freedom = Math.Max(1, vectors.Length - means.Length);
        var round = Enumerable.Range(0, columns.Length).Average(index => covariance[index][index] / freedom);
        for (var line = 0; line < columns.Length; line++)
        {
            for (var column = 0; column <= line; column++)
            {
                covariance[line][column] *= (1 - shrinkage) / freedom;
            }

            covariance[line][line] += (shrinkage * round) + LeastVariance;
        }

        return covariance;
    }
}
