using Shop.Web.Redundancy.Crowds;
using Shop.Web.Redundancy.Runs;

namespace Shop.Web.Redundancy.Buyers;

/// <summary>Where a run stands.</summary>
public enum RunPhase
{
    /// <summary>The shelves of the run are being filled.</summary>
    Preparing,

    /// <summary>Buyers buy.</summary>
    Buying,

    /// <summary>The checker looks for every order.</summary>
    Checking,

    /// <summary>There is a verdict.</summary>
    Done,

    /// <summary>It could not be carried out.</summary>
    Failed,
}

/// <summary>One run of buyers: its journal, and what is known of it so far. Safe to read while it runs.</summary>
/// <param name="id">Names its buyers.</param>
/// <param name="plan">What was asked for.</param>
public sealed class BuyerRun(string id, BuyerPlan plan)
{
    private readonly Lock gate = new();
    private readonly List<Purchase> journal = [];
    private readonly List<Purchase> naive = [];
    private readonly List<RunMoment> moments = [];
    private readonly List<RunFault> faults = [];
    private readonly List<string> remarks = [];
    private readonly SortedDictionary<long, Failover> failovers = [];

    /// <summary>Names its buyers.</summary>
    public string Id { get; } = id;

    /// <summary>What was asked for.</summary>
    public BuyerPlan Plan { get; } = plan;

    /// <summary>Where it stands.</summary>
    public RunPhase Phase { get; internal set; }

    /// <summary>A phase, for a person.</summary>
    /// <param name="phase">The phase.</param>
    /// <returns>A sentence.</returns>
    public static string Words(RunPhase phase) =>
        phase switch
        {
            RunPhase.Preparing => "Preparing stock …",
            RunPhase.Buying => "Buying …",
            RunPhase.Checking => "Checking every order …",
            RunPhase.Done => "Done.",
            _ => "The run failed.",
        };

    /// <summary>Why it failed, or what happened to the planned faults.</summary>
    public string? Remark
    {
        get
        {
            lock (gate)
            {
                return remarks.Count == 0 ? null : string.Join(' ', remarks);
            }
        }
    }

    /// <summary>The mode of a run in which the mode was changed: its figures are no mode's.</summary>
    public const string Changed = "changing";

    /// <summary>The storage mode; <see cref="Changed"/> where it did not stay, <c>unknown</c> where nobody told it.</summary>
    public string Mode { get; private set; } = Unknown;

    private const string Unknown = "unknown";

    /// <summary>Whether somebody else failed over, and the registry only watched.</summary>
    public bool IsObserved { get; internal set; }

    /// <summary>Those lines of the plan's faults of which at least one came about, as runs are told by them.</summary>
    public string FaultsMade
    {
        get
        {
            lock (gate)
            {
                return new FaultPlan([
                    .. Plan.Faults.Lines.Where(line =>
                        faults.Exists(made => string.Equals(made.Id, line.Fault, StringComparison.Ordinal))
                    ),
                ]).Id;
            }
        }
    }

    /// <summary>When the first buyer began, UTC.</summary>
    public DateTimeOffset StartedAt { get; internal set; }

    /// <summary>The faults that were made, and their ends, in the order of time.</summary>
    public IReadOnlyList<RunFault> Faults
    {
        get
        {
            lock (gate)
            {
                return [.. faults.OrderBy(fault => fault.AtMilliseconds)];
            }
        }
    }

    /// <summary>The failovers that happened, in the order of their terms.</summary>
    public IReadOnlyList<Failover> Failovers
    {
        get
        {
            lock (gate)
            {
                return [.. failovers.Values];
            }
        }
    }

    /// <summary>The term of the last failover before the run; null for none.</summary>
    internal long? TermBefore { get; set; }

    /// <summary>Its number once it has ended and is kept; null before.</summary>
    public int? Number { get; internal set; }

    /// <summary>How things stood, each time that something changed.</summary>
    public IReadOnlyList<RunMoment> Moments
    {
        get
        {
            lock (gate)
            {
                return [.. moments];
            }
        }
    }

    /// <summary>What the conductor saw and did meanwhile, at the end.</summary>
    public IReadOnlyList<RunEvent>? Events { get; internal set; }

    /// <summary>The checker's word, at the end.</summary>
    public Verdict? Verdict { get; internal set; }

    /// <summary>The measurement, at the end.</summary>
    public Measurement? Measurement { get; internal set; }

    /// <summary>Purchases that are under way.</summary>
    public int UnderWay => Volatile.Read(ref underWay);

    private int underWay;

    /// <summary>All purchases of resilient buyers that have ended, in the order in which they did.</summary>
    public IReadOnlyList<Purchase> Journal
    {
        get
        {
            lock (gate)
            {
                return [.. journal];
            }
        }
    }

    /// <summary>The same of naive buyers.</summary>
    public IReadOnlyList<Purchase> NaiveJournal
    {
        get
        {
            lock (gate)
            {
                return [.. naive];
            }
        }
    }

    /// <summary>The naive buyers' side of the run; null without them.</summary>
    public RunContrast? Contrast { get; internal set; }

    /// <summary>Most changes that are kept: a run is short, and what changes more often is not worth a picture.</summary>
    private const int MostMoments = 500;

    /// <summary>Notes how things stand, unless they stand as before.</summary>
    internal void Note(RunMoment moment, bool isLast = false)
    {
        lock (gate)
        {
            if (isLast || moments.Count == 0 || (moments.Count < MostMoments && !moments[^1].IsLike(moment)))
            {
                moments.Add(moment);
            }
        }
    }

    /// <summary>Notes the storage mode in force; null while nobody tells it.</summary>
    internal void NoteMode(string? mode)
    {
        lock (gate)
        {
            if (mode is null || Mode is Changed || string.Equals(Mode, mode, StringComparison.Ordinal))
            {
                return;
            }

            if (Mode is not Unknown)
            {
                remarks.Add($"The storage mode was changed meanwhile, from {Mode} to {mode}.");
            }

            Mode = Mode is Unknown ? mode : Changed;
        }
    }

    /// <summary>Notes a fault that was made.</summary>
    internal void Note(RunFault fault)
    {
        lock (gate)
        {
            faults.Add(fault);
        }
    }

    /// <summary>Notes the last failover, unless it was before the run; what is known of it grows.</summary>
    internal void Note(Failover? failover)
    {
        lock (gate)
        {
            if (failover is not null && failover.Term != TermBefore)
            {
                failovers[failover.Term] = failover;
            }
        }
    }

    /// <summary>Adds a sentence about what happened.</summary>
    internal void Remarks(string sentence)
    {
        lock (gate)
        {
            remarks.Add(sentence);
        }
    }

    /// <summary>Notes what is heard of the run's buyers.</summary>
    internal void Note(CrowdNews news)
    {
        Volatile.Write(ref underWay, news.UnderWay);
        if (news.Ended is { } purchase)
        {
            End(purchase);
        }
    }

    internal void End(Purchase purchase)
    {
        lock (gate)
        {
            (purchase.Naive ? naive : journal).Add(purchase);
        }
    }

    /// <summary>What the last <paramref name="window"/> milliseconds were like.</summary>
    /// <param name="now">Milliseconds after the start of the run.</param>
    /// <param name="window">How far back.</param>
    /// <returns>
    /// Orders acknowledged per second, and the median and the worst latency among them; null where there are none.
    /// </returns>
    public (double PerSecond, double? Median, double? Worst) Lately(double now, double window)
    {
        List<double> latencies = [];
        lock (gate)
        {
            for (var at = journal.Count - 1; at >= 0; at--)
            {
                var purchase = journal[at];
                if (purchase.StartedAt + purchase.LatencyMilliseconds < now - window)
                {
                    break;
                }

                if (purchase.Outcome is Outcome.Acknowledged)
                {
                    latencies.Add(purchase.LatencyMilliseconds);
                }
            }
        }

        latencies.Sort();
        return latencies.Count == 0
            ? (0, null, null)
            : (latencies.Count * 1000 / window, Measurement.Quantile(latencies, 0.5), latencies[^1]);
    }
}
