using System.Globalization;
using System.Text.Json.Serialization;
using Shop.Web.Redundancy.Buyers;

namespace Shop.Web.Redundancy.Modes;

/// <summary>What became of one mode of a comparison.</summary>
/// <param name="Mode">The id of a <see cref="StorageModeChoice"/>.</param>
/// <param name="Run">Its run; null before it has ended, and where there is none.</param>
/// <param name="Remark">Why there is none.</param>
public sealed record ComparedMode(string Mode, int? Run = null, string? Remark = null);

/// <summary>The same experiment in all storage modes, one after the other.</summary>
/// <param name="Number">Its number, which never comes again.</param>
/// <param name="StartedAt">When it was asked for, UTC.</param>
/// <param name="RatePerSecond">Orders begun per second, in each mode.</param>
/// <param name="Seconds">Of buying, in each mode.</param>
/// <param name="Faults">What is broken, and when it is put right, in each mode.</param>
/// <param name="WithNaive">Whether as many naive buyers came.</param>
/// <param name="Modes">The modes, in their order.</param>
/// <param name="IsDone">Whether it has ended, well or not.</param>
/// <param name="Remark">Why it ended early, or what was left as it is.</param>
public sealed record ModeComparison(
    int Number,
    DateTimeOffset StartedAt,
    int RatePerSecond,
    int Seconds,
    FaultPlan Faults,
    bool WithNaive,
    IReadOnlyList<ComparedMode> Modes,
    bool IsDone = false,
    string? Remark = null
)
{
    /// <summary>How long a part stays broken where the plan does not say: each mode must begin with all parts.</summary>
    public const int BrokenSeconds = 5;

    /// <summary>The page of a comparison.</summary>
    /// <param name="number">Its number.</param>
    public static string AddressOf(int number) =>
        string.Create(CultureInfo.InvariantCulture, $"/redundancy/comparisons/{number}");

    /// <summary>A comparison that begins. Pure.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="startedAt">When it was asked for.</param>
    /// <param name="plan">What is asked for; what it breaks for good is put right after <see cref="BrokenSeconds"/>.</param>
    public static ModeComparison Of(int number, DateTimeOffset startedAt, BuyerPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new(
            number,
            startedAt,
            plan.RatePerSecond,
            plan.Seconds,
            new([.. plan.Faults.Lines.Select(PutRight)]),
            plan.WithNaive,
            [.. StorageModeChoice.All.Select(choice => new ComparedMode(choice.Id))]
        );
    }

    /// <summary>The plan of each run.</summary>
    [JsonIgnore]
    public BuyerPlan Plan => new(RatePerSecond, Seconds, Faults, WithNaive);

    /// <summary>The mode whose turn it is, from 1; null when all have had theirs.</summary>
    [JsonIgnore]
    public int? Turn =>
        Modes.TakeWhile(mode => mode is { Run: not null } or { Remark: not null }).Count() is var done
        && done < Modes.Count
            ? done + 1
            : null;

    /// <summary>The same, with what became of a mode.</summary>
    /// <param name="mode">The mode.</param>
    public ModeComparison With(ComparedMode mode)
    {
        ArgumentNullException.ThrowIfNull(mode);
        return this with
        {
            Modes =
            [
                .. Modes.Select(known => string.Equals(known.Mode, mode.Mode, StringComparison.Ordinal) ? mode : known),
            ],
        };
    }

    private static FaultLine PutRight(FaultLine line) =>
        line.BackAfterSeconds is null && PlannedFault.Find(line.Fault)?.Back is "start" or "resume"
            ? line with
            {
                BackAfterSeconds = BrokenSeconds,
            }
            : line;
}
