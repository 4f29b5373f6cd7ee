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
                Write(persisted.Lead(writable));
                watch.Reset();
                return Task.CompletedTask;
            case Action.FencePrimary:
                return FencePrimary(facts, ct);
            case Action.FenceOther:
                Write(
                    persisted with
                    {
                        Promotable = null,
                        Rebuild = facts.Other!.IsWritable ? other!.Name : persisted.Rebuild,
                    }
                );
                return fence!.Kill(other!.Name, ct);
            case Action.BeginPromotion:
                Write(persisted.Begin(other!.Name));
                Wake();
                return Task.CompletedTask;
            case Action.Promote:
                return Promote(facts, other!, ct);
            case Action.CompletePromotion:
                CompletePromotion(clock.Time.GetTimestamp(), ct);
                return Task.CompletedTask;
            case Action.StartPrimary:
                // From here on it is no longer proven dead.
                fencedAt = null;
                jobs.Begin(primary.Name, "start", () => fence!.Start(primary.Name, ct));
                return Task.CompletedTask;
            case Action.StartOther:
                jobs.Begin(other!.Name, "start", () => fence!.Start(other.Name, ct));
                return Task.CompletedTask;
            case Action.RebuildOther:
                Write(persisted with { Promotable = null, Rebuild = other!.Name });
                copyTerm = persisted.Term;
                jobs.Begin(other.Name, FreshCopy, () => fence!.Rejoin(other.Name, primary.Name, ct));
                return Task.CompletedTask;
            case Action.GoOnAlone:
                // In this order: a crash in between leaves writes waiting, never a standby that lacks them promotable.
                Write(persisted with { Promotable = null });
                return primary.WaitForStandby(null, ct);
            case Action.NameStandby:
                return primary.WaitForStandby(other!.Name, ct);
            case Action.MarkPromotable:
                Write(persisted with { Promotable = other!.Name });
                return Task.CompletedTask;
            case Action.MarkNotPromotable:
                Write(persisted with { Promotable = null });
                return Task.CompletedTask;
            default:
                return ActOnMode(action, primary, other, ct);
        }
    }

    private async Task FencePrimary(Facts facts, CancellationToken ct)
    {
        failover.Detected(probes[facts.Primary.Name].State.LastAnswerAt, facts.Standby);
        try
        {
            await fence!.Kill(facts.Primary.Name, ct);
        }
        catch (HttpRequestException error) when (error.HttpRequestError is HttpRequestError.ConnectionError)
        {
            canFence = false;
            throw;
        }

        fencedAt = clock.Time.GetTimestamp();
        failover.Fenced();
        journal.Note($"{facts.Primary.Name} was fenced", "its processes are gone");
        Wake();
    }

    private async Task Promote(Facts facts, DatabaseServer other, CancellationToken ct)
    {
        // Under the policy strict no write is acknowledged before the standby is back; under the other none may wait for a
        // name that came along with the copy.
        var isStrict = facts is { Mode: StorageMode.Synchronous, Policy: StandbyPolicy.Strict };
        var isNamed = probes[other.Name].State.Answer is { IsNamed: true };
        if (isStrict || isNamed)
        {
            await other.WaitForStandby(isStrict ? facts.Primary.Name : null, ct);
        }

        await other.Promote(ct);
        probes[other.Name].NotePromoted();
        CompletePromotion(clock.Time.GetTimestamp(), ct);
    }

    /// <summary>Clients first; if the file cannot be written, rule 4 finds the same again after a restart.</summary>
    private void CompletePromotion(long promotedAt, CancellationToken ct)
    {
        var from = persisted.Primary;
        var completed = persisted.Complete();
        persisted = completed;
        fencedAt = null;
        forcedUntil = default;
        watch.Reset();
        Publish(Gather());
        var done = failover.Finish(persisted.Term, from, persisted.Primary, promotedAt, clock.Now);
        journal.Note(done);
        Write(completed);
        var primary = probes[persisted.Primary].Server;
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
            await losses.Collect(journal, ct);
        }
        catch (Exception error) when (error is NpgsqlException or OperationCanceledException or TimeoutException)
        {
            journal.Note("After the promotion", error.Message);
        }
    }

    private async Task CheckFence(CancellationToken ct)
    {
        while (fence is not null && !ct.IsCancellationRequested)
        {
            canFence = await fence.IsThere(ct);
            lastBackup = Mode is StorageMode.Basic ? await fence.LastBackup(ct) : null;
            await Task.Delay(FenceCheckInterval, clock.Time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
