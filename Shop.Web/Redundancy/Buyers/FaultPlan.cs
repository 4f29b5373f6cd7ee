using System.Globalization;
using System.Text.Json.Serialization;
using Shop.Web.Site;

namespace Shop.Web.Redundancy.Buyers;

/// <summary>One line of a fault plan: what, when, how often, and when it is put right.</summary>
/// <param name="Fault">The id of a <see cref="PlannedFault"/>.</param>
/// <param name="AfterSeconds">When it is made first, in seconds of the run.</param>
/// <param name="Times">How often.</param>
/// <param name="EverySeconds">From one to the next.</param>
/// <param name="BackAfterSeconds">How long after each it is put right; null for not.</param>
public sealed record FaultLine(
    string Fault,
    int AfterSeconds,
    int Times = 1,
    int EverySeconds = FaultPlan.UsualEvery,
    int? BackAfterSeconds = null
)
{
    /// <summary>For a person.</summary>
    [JsonIgnore]
    public string Words =>
        string.Create(CultureInfo.InvariantCulture, $"{PlannedFault.Find(Fault)?.Label ?? Fault} at {AfterSeconds} s")
        + (Times > 1 ? string.Create(CultureInfo.InvariantCulture, $", {Times} times, every {EverySeconds} s") : "")
        + (
            BackAfterSeconds is { } back
                ? string.Create(CultureInfo.InvariantCulture, $", put right {back} s later")
                : ""
        );
}

/// <summary>What goes wrong in a run. Pure.</summary>
/// <param name="Lines">At most <see cref="MostLines"/>.</param>
public sealed record FaultPlan(IReadOnlyList<FaultLine> Lines)
{
    /// <summary>Lines of a plan.</summary>
    public const int MostLines = 3;

    /// <summary>How often one fault can be made.</summary>
    public const int MostTimes = 5;

    /// <summary>Longest pause between two, and longest time before one is put right.</summary>
    public const int MostSeconds = 60;

    /// <summary>From one to the next, unless another pause is chosen.</summary>
    public const int UsualEvery = 10;

    internal const string None = "none";

    private static readonly string[] FieldNames = ["fault", "at", "times", "every", "back"];

    /// <summary>Tells runs by their faults, for example <c>kill-primary</c>.</summary>
    [JsonIgnore]
    public string Id => Lines.Count == 0 ? None : string.Join('+', Lines.Select(line => line.Fault));

    /// <summary>For a person.</summary>
    [JsonIgnore]
    public string Label =>
        Lines.Count == 0
            ? PlannedFault.All[0].Label
            : string.Join(
                ", then ",
                Lines.Select((line, n) => Lower(PlannedFault.Find(line.Fault)?.Label ?? line.Fault, n))
            );

    /// <summary>Each making of a fault, in the order of time.</summary>
    [JsonIgnore]
    public IReadOnlyList<(int AtSeconds, FaultLine Line)> Schedule =>
        [
            .. Lines
                .SelectMany(line =>
                    Enumerable
                        .Range(0, line.Times)
                        .Select(n => (AtSeconds: line.AfterSeconds + (n * line.EverySeconds), line))
                )
                .OrderBy(made => made.AtSeconds),
        ];

    /// <summary>One fault after a third of the run; none where it is none.</summary>
    /// <param name="fault">The id of a <see cref="PlannedFault"/>.</param>
    /// <param name="seconds">Of the run.</param>
    public static FaultPlan Of(string fault, int seconds) =>
        new(fault is None ? [] : [new(fault, AfterSeconds: seconds / 3)]);

    /// <summary>Reads the lines of a form.</summary>
    /// <param name="entered">What was entered into a field.</param>
    /// <param name="seconds">Of the run.</param>
    /// <param name="error">What is wrong.</param>
    /// <returns>The plan, or null.</returns>
    public static FaultPlan? Read(Func<string, string?> entered, int seconds, out string? error)
    {
        List<FaultLine> lines = [];
        error = null;
        for (var n = 1; n <= MostLines && error is null; n++)
        {
            if (
                entered(Field("fault", n)) is { Length: > 0 } fault
                && fault is not None
                && Line(fault, name => entered(Field(name, n)), n, seconds, out error) is { } line
            )
            {
                lines.Add(line);
            }
        }

        return error is null ? new(lines) : null;
    }

    /// <summary>The same as fields of a form.</summary>
    [JsonIgnore]
    public IEnumerable<(string Name, string Value)> Fields =>
        Lines.SelectMany(
            (line, n) =>
                new (string Name, int? Value)[]
                {
                    ("at", line.AfterSeconds),
                    ("times", line.Times),
                    ("every", line.EverySeconds),
                    ("back", line.BackAfterSeconds),
                }
                    .Where(one => one.Value is not null)
                    .Select(one => (Field(one.Name, n + 1), one.Value!.Value.ToString(CultureInfo.InvariantCulture)))
                    .Prepend((Field("fault", n + 1), line.Fault))
        );

    /// <summary>The names of all fields of a line.</summary>
    /// <param name="line">From 1.</param>
    public static IEnumerable<string> NamesOf(int line) => FieldNames.Select(name => Field(name, line));

    /// <summary>The name of a field of a line: those of the first have no number.</summary>
    /// <param name="name">For example <c>at</c>.</param>
    /// <param name="line">From 1.</param>
    public static string Field(string name, int line) =>
        line == 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}{line}");

    private static FaultLine? Line(
        string fault,
        Func<string, string?> entered,
        int number,
        int seconds,
        out string? error
    )
    {
        var at = Or(entered("at"), seconds * number / 3, 0, seconds);
        var times = Or(entered("times"), 1, 1, MostTimes);
        var every = Or(entered("every"), UsualEvery, 1, MostSeconds);
        var back = Or(entered("back"), 0, 0, MostSeconds);
        var last = at + ((times - 1) * every);
        error =
            PlannedFault.Find(fault) is null ? "Choose one of the faults."
            : at is null ? $"A fault comes at a whole second from 0 to {seconds}, the end of the run."
            : times is null ? $"A fault is made 1 to {MostTimes} times."
            : every is null ? $"From one fault to the next it is 1 to {MostSeconds} s."
            : back is null ? $"A fault is put right after 1 to {MostSeconds} s; leave it empty, and it is not."
            : last > seconds ? $"The last fault would come at {last} s, and the run ends at {seconds} s."
            : null;
        error =
            error is null || number == 1
                ? error
                : string.Create(CultureInfo.InvariantCulture, $"Fault {number}: {error}");
        return error is null ? new(fault, at!.Value, times!.Value, every!.Value, back is 0 ? null : back) : null;
    }

    private static int? Or(string? entered, int usual, int least, int most) =>
        string.IsNullOrWhiteSpace(entered) ? usual : WholeNumber.Read(entered, least, most);

    private static string Lower(string label, int n) => n == 0 ? label : char.ToLowerInvariant(label[0]) + label[1..];
}
