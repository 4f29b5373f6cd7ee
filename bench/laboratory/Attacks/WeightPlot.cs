using System.Globalization;
using System.Text;

namespace LaboratoryBench.Attacks;

/// <summary>Draws the attackers' mean weight over the batches, one line per attack, as a small SVG.</summary>
internal static class WeightPlot
{
    private const int Width = 860;

    private const int Height = 420;

    private const int Left = 48;

    private const int Top = 36;

    private const int PlotWidth = 640;

    private const int PlotHeight = 340;

    private const int LegendLine = 15;

    private const double FullWeight = 1_000_000;

    private const int HueStep = 137;

    /// <summary>Neighbours in the legend differ most: the golden angle between hues, two lightnesses.</summary>
    private static string Colour(int index) =>
        string.Create(CultureInfo.InvariantCulture, $"hsl({index * HueStep % 360},70%,{(index % 2 == 0 ? 38 : 55)}%)");

    internal static string Draw(string network, IReadOnlyList<Cell> curves)
    {
        var svg = new StringBuilder();
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" "
        );
        svg.Append("font-family=\"sans-serif\" font-size=\"12\">\n");
        svg.Append(CultureInfo.InvariantCulture, $"<rect width=\"{Width}\" height=\"{Height}\" fill=\"white\"/>\n");
        Text(svg, Left, 20, $"{network}: mean weight of attackers that are 40 % of the members (dashed: the honest)");
        var batches = curves[0].Attackers.Length;
        for (var tick = 0; tick <= 4; tick++)
        {
            var y = Y(tick / 4.0);
            svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{Left} {y:0.0}h{PlotWidth}\" stroke=\"#ddd\"/>\n");
            Text(svg, 12, y + 4, (tick / 4.0).ToString("0.00", CultureInfo.InvariantCulture));
            Text(
                svg,
                X(tick / 4.0) - 8,
                Top + PlotHeight + 18,
                (batches * tick / 4).ToString(CultureInfo.InvariantCulture)
            );
        }

        Text(svg, Left + PlotWidth - 34, Top + PlotHeight + 34, "batch");
        Line(svg, curves[0].Honest, "#000", "4 4");
        for (var index = 0; index < curves.Count; index++)
        {
            Line(svg, curves[index].Attackers, Colour(index), "");
            var y = Top + 8 + (index * LegendLine);
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<path d=\"M{Left + PlotWidth + 16} {y}h20\" stroke=\"{Colour(index)}\" stroke-width=\"3\"/>\n"
            );
            Text(svg, Left + PlotWidth + 42, y + 4, curves[index].Attack.ToString()!);
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static void Line(StringBuilder svg, IReadOnlyList<double> weights, string colour, string dashes)
    {
        var points = weights.Select(
            (weight, batch) => Point(X(batch / (double)Math.Max(1, weights.Count - 1)), Y(weight / FullWeight))
        );
        svg.Append(CultureInfo.InvariantCulture, $"<polyline points=\"{string.Join(' ', points)}\" fill=\"none\" ");
        svg.Append(
            CultureInfo.InvariantCulture,
            $"stroke=\"{colour}\" stroke-width=\"1.5\" stroke-dasharray=\"{dashes}\"/>\n"
        );
    }

    private static string Point(double x, double y) => string.Create(CultureInfo.InvariantCulture, $"{x:0.0},{y:0.0}");

    private static void Text(StringBuilder svg, double x, double y, string text) =>
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x:0.0}\" y=\"{y:0.0}\">{text}</text>\n");

    private static double X(double share) => Left + (share * PlotWidth);

    private static double Y(double weight) => Top + ((1 - weight) * PlotHeight);
}
