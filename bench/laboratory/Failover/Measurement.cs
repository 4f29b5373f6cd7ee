using System.Globalization;
using System.Text;

namespace LaboratoryBench.Failover;

/// <summary>One figure beside what is wanted.</summary>
/// <param name="What">What was measured, with its unit.</param>
/// <param name="Wanted">What is wanted; empty for a figure that only explains.</param>
/// <param name="Seen">What was seen.</param>
/// <param name="IsMet">Whether it is as wanted; null where nothing is.</param>
internal sealed record Figure(string What, string Wanted, string Seen, bool? IsMet = null)
{
    /// <summary>A figure that should be at most so much.</summary>
    public static Figure AtMost(string what, double most, double seen) =>
        new(what, $"at most {Text(most)}", Text(seen), seen <= most);

    /// <summary>A figure that should be at least so much.</summary>
    public static Figure AtLeast(string what, double least, double seen) =>
        new(what, $"at least {Text(least)}", Text(seen), seen >= least);

    /// <summary>A figure that only explains.</summary>
    public static Figure Of(string what, string seen) => new(what, "", seen);

    /// <summary>Two decimals for what is small, none for what is not.</summary>
    public static string Text(double number) =>
        number.ToString(Math.Abs(number) < 10 ? "0.##" : "0", CultureInfo.InvariantCulture);
}

/// <summary>What one part brought.</summary>
/// <param name="How">How it was measured, in one sentence.</param>
/// <param name="Figures">The figures.</param>
/// <param name="Violations">Promises that were broken meanwhile, by the chaos checker's count.</param>
internal sealed record Measurement(string How, IReadOnlyList<Figure> Figures, int Violations)
{
    /// <summary>As Markdown.</summary>
    /// <param name="machine">How busy the machine was.</param>
    public string Table(string machine)
    {
        var text = new StringBuilder();
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"{How} {TimeProvider.System.GetUtcNow():yyyy-MM-dd HH:mm} UTC, {Environment.ProcessorCount} cores, {machine}."
        );
        text.AppendLine();
        text.AppendLine("| figure | wanted | seen | |");
        text.AppendLine("| --- | ---: | ---: | --- |");
        foreach (var figure in Figures)
        {
            var verdict = figure.IsMet switch
            {
                true => "met",
                false => "**missed**",
                null => "",
            };
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {figure.What} | {figure.Wanted} | {figure.Seen} | {verdict} |"
            );
        }

        return text.ToString();
    }
}
