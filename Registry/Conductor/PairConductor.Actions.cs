using Npgsql;

namespace Registry.Conductor;

/// <summary>What the conductor does when a rule tells it to.</summary>
internal sealed partial class PairConductor
{
    private Task Act(Action action, Facts facts, CancellationToken ct)
    {
        var primary = probes[facts.Primary.Name].Server;
        var other = facts.Other is { } second ? probes[second.Name].Server : null;
        switch (action)
        {
            case Action.Adopt:
                var writable = facts.Primary.IsWritable ? primary.Name : other!.Name;
                Write(new(decree.Term + 1, writable));
                mirror.Reset();
                return Task.CompletedTask;
            case Action.FencePrimary:
                return FencePrimary(facts, ct);
            case Action.FenceOther:
                Write(
                    decree with
                    {
                        Promotable = null,
                        Rebuild = facts.Other!.IsWritable ? other!.Name : decree.Rebuild,
                    }
                );
                return fence!.Kill(other!.Name, ct);
            case Action.BeginPromotion:
                Write(decree.Begin(other!.Name));
                Wake();
                return Task.CompletedTask;
            case Action.Promote:
                return Promote(facts, other!, ct);
            case Action.CompletePromotion:
                CompletePromotion(clock.Time.GetTimestamp(), ct);
                return Task.CompletedTask;
            case Action.StartPrimary:
                // From here on it is no longer proven dead.
                seenDeadAt = null;
                jobs.Begin(primary.Name, "start", () => fence!.Start(primary.Name, ct));
                return Task.CompletedTask;
            case Action.StartOther:
                jobs.Begin(other!.Name, "start", () => fence!.Start(other.Name, ct));
                return Task.CompletedTask;
            case Action.RebuildOther:
                Write(decree with { Promotable = null, Rebuild = other!.Name });
                copyTerm = decree.Term;
                jobs.Begin(other.Name, FreshCopy, () => fence!.Rejoin(other.Name, primary.Name, ct));
                return Task.CompletedTask;
            case Action.Disarm:
                // In this order: a crash in between leaves writes waiting, never a mirror that lacks them promotable.
                Write(decree with { Promotable = null });
                return primary.WaitForMirror(null, ct);
            case Action.NameMirror:
                return primary.WaitForMirror(other!.Name, ct);
            case Action.MarkPromotable:
                Write(decree with { Promotable = other!.Name });
                return Task.CompletedTask;
            case Action.MarkNotPromotable:
                Write(decree with { Promotable = null });
                return Task.CompletedTask;
            default:
                return Task.CompletedTask;
        }
    }

    private async Task FencePrimary(Facts facts, CancellationToken ct)
    {
        failover.Detected(probes[facts.Primary.Name].State.LastAnswerAt, facts.Mirror);
        try
        {
            await fence!.Kill(facts.Primary.Name, ct);
        }
        catch (HttpRequestException error) when (error.HttpRequestError is HttpRequestError.ConnectionError)
        {
            canFence = false;
            throw;
        }

        seenDeadAt = clock.Time.GetTimestamp();
        failover.Fenced();
        journal.Note($"{facts.Primary.Name} was fenced", "seen dead");
        Wake();
    }

    private async Task Promote(Facts facts, DatabaseServer other, CancellationToken ct)
    {
        // Under the policy strict no write is acknowledged before the mirror is back; under the other none may wait for a
        // name that came along with the copy.
        var isStrict = facts is { Mode: StorageMode.Synchronous, Policy: MirrorPolicy.Strict };
        var isNamed = probes[other.Name].State.Answer is { IsNamed: true };
        if (isStrict || isNamed)
        {
            await other.WaitForMirror(isStrict ? facts.Primary.Name : null, ct);
        }

        await other.Promote(ct);
        probes[other.Name].NotePromoted();
        CompletePromotion(clock.Time.GetTimestamp(), ct);
    }

    /// <summary>Clients first; if the file cannot be written, rule 4 finds the same again after a restart.</summary>
    private void CompletePromotion(long promotedAt, CancellationToken ct)
    {
        var from = decree.Primary;
        var completed = decree.Complete();
        decree = completed;
        seenDeadAt = null;
        forcedUntil = default;
        mirror.Reset();
        Publish(Gather());
        var done = failover.Finish(decree.Term, from, decree.Primary, promotedAt, clock.Now);
        journal.Note(done);
        Write(completed);
        var primary = probes[decree.Primary].Server;
        background.Once("what follows a failover", () => Settle(primary, done, promotedAt, ct));
    }

    /// <summary>
    /// What may take its time after a failover: when the clients came, the checkpoint, and what was lost.
    /// </summary>
    private async Task Settle(DatabaseServer primary, Failover done, long promotedAt, CancellationToken ct)
    {
        try
        {
            if (await primary.FirstClientSeen(promotedAt, clock.Time, ct) is { } reroute)
            {
                done = done.WithReroute(reroute);
                journal.Amend(done.Term, _ => done);
            }

            telemetry.Tell(done);

            await primary.Checkpoint(ct);
            var timeline = await primary.Timeline(ct);
            journal.Amend(done.Term, failover => failover with { Timeline = timeline });
            await CollectLoss(ct);
        }
        catch (Exception error) when (error is NpgsqlException or OperationCanceledException or TimeoutException)
        {
            journal.Note("After the promotion", error.Message);
        }
    }

    /// <summary>Also after a start: the conductor may have ended before the shop had compared its receipts.</summary>
    private async Task CollectLoss(CancellationToken ct)
    {
        if (journal.LastFailover is { Timeline: { } timeline, Term: var term })
        {
            await losses
                .Collect(
                    timeline,
                    (lost, by) => journal.Amend(term, failover => failover with { Lost = lost, ComparedBy = by }),
                    ct
                )
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task CheckFence(CancellationToken ct)
    {
        while (fence is not null && !ct.IsCancellationRequested)
        {
            canFence = await fence.IsThere(ct);
            lastBackup = options.Mode is StorageMode.Basic ? await fence.LastBackup(ct) : null;
            await Task.Delay(FenceCheckInterval, clock.Time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
