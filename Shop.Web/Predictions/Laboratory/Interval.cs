namespace Shop.Web.Predictions.Laboratory;

/// <summary>Where a figure may well lie, at 95 %.</summary>
/// <param name="Low">Its lower end.</param>
/// <param name="High">Its upper end.</param>
public sealed record Interval(double Low, double High)
{
    /// <summary>The 97.5 % quantile of the normal distribution.</summary>
    private const double Z = 1.959964;

    /// <summary>
    /// Of a share (Wilson 1927): unlike the standard error it is not empty where all of a few rows were right. Pure.
    /// </summary>
    /// <param name="share">0 to 1.</param>
    /// <param name="rows">Of how many; 1 or more.</param>
    public static Interval OfShare(double share, int rows)
    {
        var factor = 1 + (Z * Z / rows);
        var middle = share + (Z * Z / (2 * rows));
        var half = Z * Math.Sqrt((share * (1 - share) / rows) + (Z * Z / (4.0 * rows * rows)));
        return new(Math.Max(0, (middle - half) / factor), Math.Min(1, (middle + half) / factor));
    }

    /// <summary>Of any other figure, from its standard error. Pure.</summary>
    /// <param name="metric">With its standard error.</param>
    public static Interval Of(Metric metric) =>
        new(metric.Value - (Z * metric.StandardError), metric.Value + (Z * metric.StandardError));
}
