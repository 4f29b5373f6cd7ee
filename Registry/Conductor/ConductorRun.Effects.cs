using Npgsql;
using Registry.Conductor.StateMachine;

namespace Registry.Conductor;

/// <summary>What the conductor does.</summary>
internal sealed partial class ConductorRun
{
    private async Task Execute(Effect effect, CancellationToken ct)
    {
        if (effect is Effect.Act && !commits.MayAct)
        {
            throw new FenceException("Another registry may lead by now; this one does nothing.");
        }

        switch (effect)
        {
            case Effect.Persist next:
                await commits.Commit(new(Conductor: next.State with { Change = ++change }));
                break;
            case Effect.Fence dead:
                await fence!.Kill(dead.Server, ct);
                break;
            case Effect.WaitForStandby wait:
                await probes[wait.Server].Server.WaitForStandby(wait.Standby, ct);
                break;
            case Effect.Promote next:
                await probes[next.Server].Server.Promote(ct);
                probes[next.Server].NotePromoted();
                break;
            case Effect.Start start:
                Begin(start.Server, "start", () => fence!.Start(start.Server, ct), isStarted: true);
                break;
            case Effect.Rejoin copy:
                Begin(copy.Server, "fresh copy", () => fence!.Rejoin(copy.Server, copy.Primary, ct), isStarted: true);
                break;
            case Effect.Stop stop:
                Begin(stop.Server, "stop", () => fence!.Stop(stop.Server, ct), isStarted: false);
                break;
            case Effect.SwitchOver over:
                background.Once($"the switch-over from {over.Primary}", () => SwitchOver(over.Primary, ct));
                break;
            default:
                Tell(effect, ct);
                break;
        }
    }

    private void Tell(Effect effect, CancellationToken ct)
    {
        switch (effect)
        {
            case Effect.Publish publish:
                Publish(publish.Facts);
                break;
            case Effect.Show show:
                view = ConductorView.From(show.Facts, show.Rule, lastBackup);
                Answer();
                break;
            case Effect.ShowStop { Why: var why } stop:
                if (!string.Equals(view?.RuleName, why, StringComparison.Ordinal))
                {
                    journal.Note("Nothing is decided", why);
                }

                view = ConductorView.Stopped(state.Settings, stop.State, why);
                break;
            case Effect.NoteRule note:
                journal.Note(note.Rule, note.Term);
                break;
            case Effect.Note note:
                journal.Note(note.Name, note.Detail);
                break;
            case Effect.Tell { Failover: var done } told:
                journal.Note(done);
                background.Once("what follows a failover", () => Settle(done, told.PromotedAt, ct));
                break;
            case Effect.Refuse refused:
                refusal = refused.Why;
                break;
            case Effect.EndLag:
                lag.Milliseconds = 0;
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(effect), effect, "no such effect");
        }
    }

    private void Publish(Facts facts)
    {
        var servers = new[] { facts.Primary, facts.Other }.OfType<ServerFacts>();
        publisher.Publish(
            facts,
            servers.Select(server => (server, probes[server.Name].Server.Address, probes[server.Name].State.Latency)),
            clock.Now
        );
    }

    /// <summary>The host's work, beside the loop, which hears of its end.</summary>
    private void Begin(string server, string what, Func<Task> work, bool isStarted) =>
        background.Once(
            $"{what} of {server}",
            async () =>
            {
                var outcome = JobOutcome.Failed;
                try
                {
                    await work();
                    journal.Note($"{server}: {what}", "done");
                    outcome = JobOutcome.Done;
                    if (isStarted)
                    {
                        probes[server].NoteStarted();
                    }
                }
                catch (FenceException busy)
                {
                    journal.Note($"{server}: {what}", busy.Message);
                    outcome = JobOutcome.Busy;
                }
                catch (Exception error) when (error is HttpRequestException or OperationCanceledException)
                {
                    journal.Note($"{server}: {what}", error.Message);
                }
                finally
                {
                    Hear(new Input.JobEnded(clock.Now, server, outcome));
                }
            }
        );

    /// <summary>The loop finds the primary's end as it finds any other.</summary>
    private async Task SwitchOver(string primary, CancellationToken ct)
    {
        try
        {
            journal.Note($"{primary}: switch-over", await fence!.SwitchOver(primary, ct) ?? "it is stopped");
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException)
        {
            journal.Note($"{primary}: switch-over", error.Message);
        }
        finally
        {
            Hear(new Input.SwitchOverEnded(clock.Now));
        }
    }

    /// <summary>
    /// What may take its time after a failover: when the clients came, and the checkpoint.
    /// </summary>
    private async Task Settle(Failover done, DateTimeOffset promotedAt, CancellationToken ct)
    {
        try
        {
            var primary = probes[done.To].Server;
            if (await primary.FirstClientSeen(promotedAt, clock, ct) is { } reroute)
            {
                done = done.WithReroute(reroute);
                journal.Amend(done.Term, failover => failover.WithReroute(reroute));
            }

            telemetry.Tell(done);

            await primary.Checkpoint(ct);
        }
        catch (Exception error) when (error is NpgsqlException or OperationCanceledException or TimeoutException)
        {
            journal.Note("After the promotion", error.Message);
        }
    }

    /// <summary>
    /// The timeline of the last failover, by which the shop's servers find what was lost: as soon as the new primary says it, and
    /// also where the registry ended before it did.
    /// </summary>
    private async Task NoteTimeline(CancellationToken ct)
    {
        while (true)
        {
            if (
                journal.LastFailover is { Timeline: null } last
                && last.Term == state.Persisted.Term
                && probes.GetValueOrDefault(last.To)
                    is { State: { Reach: Reach.Answers, Answer.IsInRecovery: false } } primary
            )
            {
                var timeline = await primary.Server.Timeline(ct);
                journal.Amend(last.Term, failover => failover with { Timeline = timeline });
            }

            await Task.Delay(BetweenTimelines, clock.Time, ct);
        }
    }
}
