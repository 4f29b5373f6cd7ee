namespace Predictors.Models;

/// <summary>
/// Temperature scaling (Guo et al. 2017): probabilities are raised to 1/T and made to add to 1 again. Above 1 it takes
/// confidence away, below 1 it adds some; which class is likeliest never changes. T is where members' answers to rows that
/// they were not trained on have the least log-loss, so that a mean of several members' probabilities weighs each as
/// surely as it knows.
/// </summary>
internal static class TemperatureScaling
{
    /// <summary>Leaves probabilities as they are.</summary>
    internal const double None = 1;

    /// <summary>
    /// Standard deviation of ln T before any row is seen (normal, around 0): where all rows are answered right, the
    /// log-loss alone would make every answer certain.
    /// </summary>
    private const double PriorDeviation = 0.5;

    /// <summary>ln T is looked for on a grid: so many steps to either side of 0.</summary>
    private const int Steps = 60;

    private const double Step = 0.025;

    /// <summary>Finds T.</summary>
    /// <param name="answers">Per row the probabilities, from a model that has not seen the row; none is 0.</param>
    /// <param name="targets">Per row the class.</param>
    /// <returns>T, in [0.22, 4.5].</returns>
    internal static double Fit(IReadOnlyList<double[]> answers, IReadOnlyList<double> targets) =>
        Math.Exp(
            Enumerable
                .Range(-Steps, (2 * Steps) + 1)
                .Select(step => step * Step)
                .MinBy(logarithm => Cost(answers, targets, logarithm))
        );

    /// <summary>Scales in place.</summary>
    /// <param name="probabilities">None is 0.</param>
    /// <param name="temperature">T.</param>
    internal static void Apply(Span<double> probabilities, double temperature)
    {
        if (temperature == None)
        {
            return;
        }

        for (var index = 0; index < probabilities.Length; index++)
        {
            probabilities[index] = Math.Log(probabilities[index]) / temperature;
        }

        Link.Softmax(probabilities);
    }

    /// <summary>Minus the log of the posterior of T, up to a constant.</summary>
    private static double Cost(IReadOnlyList<double[]> answers, IReadOnlyList<double> targets, double logarithm)
    {
        var temperature = Math.Exp(logarithm);
        var standard = logarithm / PriorDeviation;
        var cost = standard * standard / 2;
        for (var row = 0; row < answers.Count; row++)
        {
            double[] scaled = [.. answers[row]];
            Apply(scaled, temperature);
            cost -= Math.Log(scaled[(int)targets[row]]);
        }

        return cost;
    }
}
