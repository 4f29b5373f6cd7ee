using System.Text.Json;
using Registry.Conductor.StateMachine;
using Registry.Leases;
using Workshop.ServiceDefaults.Files;

namespace Registry.Conductor;

/// <summary>Something that the conductor saw or did.</summary>
/// <param name="At">When.</param>
/// <param name="Rule">The rule's number; 0 for what no rule told.</param>
/// <param name="Name">The rule's name, or what it was.</param>
/// <param name="Detail">What was done, or what went wrong.</param>
internal sealed record ConductorEvent(DateTimeOffset At, int Rule, string Name, string Detail);

/// <summary>What happened, bounded; and the last failover, which is kept in the service's own folder.</summary>
internal sealed class Journal
{
    /// <summary>Most events that are kept.</summary>
    private const int MaxEvents = 200;

    /// <summary>A file without a member is none of ours.</summary>
    private static readonly JsonSerializerOptions Strict = new()
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    private readonly Lock gate = new();
    private readonly Queue<ConductorEvent> events = new();
    private readonly SteadyClock clock;
    private readonly ILogger logger;
    private readonly string? path;
    private Failover? lastFailover;

    /// <summary>Goes on with the last failover that the folder knows.</summary>
    public Journal(ConductorOptions options, SteadyClock clock, ILogger<Journal> logger)
    {
        (this.clock, this.logger) = (clock, logger);
        path = options.DataDirectory is { } folder ? Path.Combine(folder, "failover.json") : null;
        lastFailover = Load();
    }

    /// <summary>The last failover; null when there was none.</summary>
    public Failover? LastFailover
    {
        get
        {
            lock (gate)
            {
                return lastFailover;
            }
        }
    }

    /// <summary>The events, newest first.</summary>
    public IReadOnlyList<ConductorEvent> Events
    {
        get
        {
            lock (gate)
            {
                return [.. events.Reverse()];
            }
        }
    }

    /// <summary>Notes that another rule applies than before.</summary>
    public void Note(Rule rule, long term)
    {
        LogMessages.RuleApplies(logger, rule.Number, rule.Name, rule.Action, term);
        Add(new(clock.Now, rule.Number, rule.Name, rule.Action.ToString()));
    }

    /// <summary>Notes something that no rule told.</summary>
    public void Note(string name, string detail)
    {
        LogMessages.ConductorNote(logger, name, detail);
        Add(new(clock.Now, 0, name, detail));
    }

    /// <summary>Notes that what a rule told could not be done; it is tried again as long as the rule applies.</summary>
    /// <param name="rule">The rule; null before the first.</param>
    /// <param name="error">What went wrong.</param>
    public void NoteFailure(Rule? rule, Exception error)
    {
        LogMessages.ActionFailed(logger, error, rule?.Number ?? 0, rule?.Action ?? default);
        Add(new(clock.Now, rule?.Number ?? 0, rule?.Name ?? "Nothing is decided", error.Message));
    }

    /// <summary>Notes a failover.</summary>
    public void Note(Failover failover)
    {
        lock (gate)
        {
            lastFailover = failover;
            Keep();
        }
    }

    /// <summary>Takes over what the registry that leads knows, unless this one knows of a later failover.</summary>
    public void Take(Failover? last)
    {
        lock (gate)
        {
            if (last is not null && !(last.Term < lastFailover?.Term) && !Same(last, lastFailover))
            {
                lastFailover = last;
                Keep();
            }
        }
    }

    private static bool Same(Failover one, Failover? other) =>
        string.Equals(JsonSerializer.Serialize(one), JsonSerializer.Serialize(other), StringComparison.Ordinal);

    /// <summary>Notes more about the failover of that term, unless another has followed.</summary>
    public void Amend(long term, Func<Failover, Failover> more)
    {
        lock (gate)
        {
            if (lastFailover is { } failover && failover.Term == term)
            {
                lastFailover = more(failover);
                Keep();
            }
        }
    }

    /// <summary>What cannot be kept is still shown: nothing is decided by it.</summary>
    private void Keep()
    {
        if (path is not null)
        {
            StateFile.TryWrite(path, JsonSerializer.SerializeToUtf8Bytes(lastFailover, Strict), logger);
        }
    }

    private Failover? Load() =>
        path is null
            ? null
            : StateFile.Read(path, content => JsonSerializer.Deserialize<Failover>(content, Strict), logger);

    private void Add(ConductorEvent happened)
    {
        lock (gate)
        {
            // What fails, fails many times a second until it does not: once is enough to know.
            if (events.LastOrDefault() is { } last && last with { At = happened.At } == happened)
            {
                return;
            }

            events.Enqueue(happened);
            if (events.Count > MaxEvents)
            {
                events.Dequeue();
            }
        }
    }
}
