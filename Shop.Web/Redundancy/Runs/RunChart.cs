using System.Globalization;
using System.Text;

namespace Shop.Web.Redundancy.Runs;

/// <summary>Purchases of one kind, drawn as one path: a mark for each.</summary>
/// <param name="Server">Who answered, from 0 in the order of names; −1 for nobody.</param>
/// <param name="Outcome">One of <see cref="Outcomes"/>.</param>
/// <param name="Count">How many marks.</param>
/// <param name="Path">In the picture's own units.</param>
public sealed record RunMarks(int Server, string Outcome, int Count, string Path);

/// <summary>The words above the moment of a fault.</summary>
/// <param name="Text">What was done to whom.</param>
/// <param name="X">Where the fault's line stands, in the picture's own units.</param>
/// <param name="Row">From 0, the lowest; higher ones where words would run into each other.</param>
/// <param name="IsLeft">The words end at the line, since there is no room to its right.</param>
public sealed record FaultLabel(string Text, double X, int Row, bool IsLeft);

/// <summary>What the axes of a picture span; pictures that are to be compared share it.</summary>
/// <param name="EndMilliseconds">Where the time axis ends.</param>
/// <param name="Decades">Powers of ten of the latency axis.</param>
public sealed record RunAxes(double EndMilliseconds, int Decades)
{
    /// <summary>Axes on which all of these runs have room. Pure.</summary>
    /// <param name="runs">The runs.</param>
    public static RunAxes Of(params IReadOnlyCollection<RunRecord> runs)
    {
        var worst = runs.SelectMany(run => run.Orders)
            .Select(order => order.LatencyMilliseconds)
            .DefaultIfEmpty()
            .Max();
        return new(
            runs.Select(run => run.EndMilliseconds).Append(1).Max(),
            Math.Clamp((int)Math.Ceiling(Math.Log10(Math.Max(worst, 100) / RunChart.Least)), 2, 5)
        );
    }
}

/// <summary>Where all of a run stands in its picture: time to the right, latency upwards by powers of ten. Pure.</summary>
public sealed class RunChart
{
    /// <summary>Left end of the time axis.</summary>
    public const int Left = 70;

    /// <summary>Right end of the time axis.</summary>
    public const int Right = 950;

    /// <summary>Upper end of the latency axis.</summary>
    public const int Top = 30;

    /// <summary>Lower end of the latency axis.</summary>
    public const int Bottom = 270;

    /// <summary>Least latency of the axis; faster ones stand at its lower end.</summary>
    internal const double Least = 1;

    private const int MostTicks = 10;

    /// <summary>Width of a bold letter of the picture's font, rather too wide.</summary>
    private const double LetterWidth = 7.5;

    private static readonly int[] Steps = [1, 2, 5, 10, 20, 30, 60];

    private readonly RunAxes axes;

    /// <summary>Lays out a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="naive">Marks of naive buyers, or else of resilient ones; both on the same axes.</param>
    /// <param name="axes">Those of several pictures; null for the run's own.</param>
    public RunChart(RunRecord run, bool naive = false, RunAxes? axes = null)
    {
        this.axes = axes ?? RunAxes.Of(run);
        Servers =
        [
            .. run
                .Orders.Select(order => order.Server)
                .OfType<string>()
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];
        Marks =
        [
            .. run.Of(naive)
                .GroupBy(order => (Server: order.Server is { } name ? Servers.IndexOf(name) : -1, order.Outcome))
                .OrderBy(group => group.Key.Server)
                .ThenBy(group => group.Key.Outcome, StringComparer.Ordinal)
                .Select(group => new RunMarks(group.Key.Server, group.Key.Outcome, group.Count(), Path(group))),
        ];
    }

    /// <summary>Powers of ten of the latency axis.</summary>
    public int Decades => axes.Decades;

    /// <summary>The servers that answered, by name.</summary>
    public IList<string> Servers { get; }

    /// <summary>All purchases.</summary>
    public IReadOnlyList<RunMarks> Marks { get; }

    /// <summary>The words above the faults, each in the lowest row in which it runs into no other.</summary>
    public IReadOnlyList<FaultLabel> Labels(IReadOnlyList<RunFault> faults)
    {
        // Where the words of each row end.
        var ends = new List<double>();
        return [.. faults.OrderBy(fault => fault.AtMilliseconds).Select(Label)];

        FaultLabel Label(RunFault fault)
        {
            var text = $"{fault.Command} {fault.Target}";
            var (at, width) = (Across(fault.AtMilliseconds), text.Length * LetterWidth);
            var isLeft = at + width > Right;
            var (from, to) = isLeft ? (at - width, at) : (at, at + width);
            var row = ends.FindIndex(end => end <= from);
            if (row < 0)
            {
                (row, ends) = (ends.Count, [.. ends, to]);
            }

            ends[row] = to;
            return new(text, at, row, isLeft);
        }
    }

    /// <summary>Marks of the time axis, in seconds.</summary>
    public IEnumerable<int> Ticks
    {
        get
        {
            var step = Steps.FirstOrDefault(step => axes.EndMilliseconds / 1000 / step <= MostTicks, Steps[^1]);
            return Enumerable.Range(0, (int)(axes.EndMilliseconds / 1000 / step) + 1).Select(tick => tick * step);
        }
    }

    /// <summary>The place of a moment.</summary>
    /// <param name="milliseconds">Since the start of the run.</param>
    public string X(double milliseconds) => Figures.Short(Across(milliseconds));

    /// <summary>The width of a stretch; the shortest can still be seen.</summary>
    /// <param name="band">The stretch.</param>
    public string Width(RunBand band) =>
        Figures.Short(Math.Max(1.5, Across(band.ToMilliseconds) - Across(band.FromMilliseconds)));

    /// <summary>The height of a latency.</summary>
    /// <param name="milliseconds">The latency.</param>
    public string Y(double milliseconds) => Figures.Short(Height(milliseconds));

    private double Across(double milliseconds) =>
        Left + ((Right - Left) * Math.Clamp(milliseconds / axes.EndMilliseconds, 0, 1));

    private double Height(double milliseconds) =>
        Bottom - ((Bottom - Top) * Math.Clamp(Math.Log10(Math.Max(milliseconds, Least) / Least) / Decades, 0, 1));

    /// <summary>
    /// A filled dot is a stroke without length and with round ends; what had to be sent again is hollow. Dots are placed in whole
    /// units, each from the one before: a run of thousands stays a small page.
    /// </summary>
    private string Path(IEnumerable<RunOrder> orders)
    {
        var path = new StringBuilder();
        (int X, int Y)? last = null;
        foreach (var order in orders)
        {
            var x = (int)Math.Round(Across(order.AtMilliseconds));
            var y = (int)Math.Round(Height(order.LatencyMilliseconds));
            if (order.Outcome is Outcomes.Acknowledged && last is { } before)
            {
                path.Append(CultureInfo.InvariantCulture, $"m{x - before.X} {y - before.Y}h0");
            }
            else
            {
                path.Append(CultureInfo.InvariantCulture, $"M{x} {y}{Shape(order.Outcome)}");
            }

            last = (x, y);
        }

        return path.ToString();
    }

    private static string Shape(string outcome) =>
        outcome switch
        {
            Outcomes.Acknowledged => "h0",
            Outcomes.Retried => "m-3.5 0l3.5-3.5 3.5 3.5-3.5 3.5z",
            Outcomes.Refused => "m-3.5-3.5h7v7h-7z",
            _ => "m-4-4l8 8m0-8l-8 8",
        };
}
