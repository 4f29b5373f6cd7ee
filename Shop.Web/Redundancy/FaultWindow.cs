using Workshop.ServiceDefaults.Loops;

namespace Shop.Web.Redundancy;

/// <summary>
/// How many people bought while something was broken: from the last fault until all is well again. Simulated customers do
/// not count.
/// </summary>
/// <param name="watch">Tells whether all is well.</param>
/// <param name="background">Looks on while nobody else does.</param>
/// <param name="time">Pauses between looks.</param>
/// <param name="lifetime">Ends it with the program.</param>
public sealed class FaultWindow(
    SituationWatch watch,
    Background background,
    TimeProvider time,
    IHostApplicationLifetime lifetime
)
{
    /// <summary>Most people that are told apart; a class is smaller.</summary>
    private const int MostPeople = 10_000;

    /// <summary>A fault that nobody puts right ends for this count all the same.</summary>
    private const int MostLooks = 1200;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(500);

    private readonly Lock gate = new();
    private readonly HashSet<string> buyers = new(StringComparer.Ordinal);
    private bool isOpen;

    /// <summary>Whether something is broken still.</summary>
    public bool IsOpen
    {
        get
        {
            lock (gate)
            {
                return isOpen;
            }
        }
    }

    /// <summary>People who bought during the last fault; null before the first one.</summary>
    public int? People { get; private set; }

    /// <summary>Something is being broken; the count begins anew, unless an earlier fault lasts.</summary>
    public void Open()
    {
        lock (gate)
        {
            if (isOpen)
            {
                return;
            }

            buyers.Clear();
            (isOpen, People) = (true, 0);
        }

        background.Once("people who buy during a fault", UntilWell);
    }

    /// <summary>Somebody has bought.</summary>
    /// <param name="buyer">Who.</param>
    public void Bought(string buyer)
    {
        lock (gate)
        {
            if (isOpen && buyers.Count < MostPeople && buyers.Add(buyer))
            {
                People = buyers.Count;
            }
        }
    }

    /// <summary>Whether every part works and nothing could be lost by another fault. Pure.</summary>
    /// <param name="situation">How things stand.</param>
    public static bool IsWell(Situation situation)
    {
        ArgumentNullException.ThrowIfNull(situation);
        return situation.Conductor is { } conductor
            && (conductor.Mode is "basic" || conductor.IsInSync)
            && Needed(situation).All(part => part.State is "up");
    }

    /// <summary>The parts that have to work for all to be well: basic mode is the first database server alone. Pure.</summary>
    /// <param name="situation">How things stand.</param>
    public static IEnumerable<Part> Needed(Situation situation)
    {
        ArgumentNullException.ThrowIfNull(situation);
        return situation.Conductor is { Mode: "basic" }
            ? situation
                .Parts.Where(part => part.Kind is not "database")
                .Concat(situation.Parts.Where(part => part.Kind is "database").Take(1))
            : situation.Parts;
    }

    private async Task UntilWell()
    {
        try
        {
            for (var look = 0; look < MostLooks && !lifetime.ApplicationStopping.IsCancellationRequested; look++)
            {
                // The first look comes after the fault had time to be seen.
                await Task.Delay(BetweenLooks, time, lifetime.ApplicationStopping)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (look > 1 && IsWell(await watch.Current()))
                {
                    break;
                }
            }
        }
        finally
        {
            lock (gate)
            {
                isOpen = false;
            }
        }
    }
}
