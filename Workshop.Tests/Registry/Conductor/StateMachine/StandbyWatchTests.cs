using Registry.Conductor.StateMachine;
using Xunit;

namespace Workshop.Tests.Registry.Conductor.StateMachine;

/// <summary>What is known of the standby, look by look.</summary>
public sealed class StandbyWatchTests
{
    private const long Position = 100;

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    private static readonly ServerFacts Primary = new("a", Reach.Answers);

    private static readonly ProbeAnswer Waits = new(false, Position, true, true, true, Position);

    private static readonly ProbeAnswer WaitsNot = Waits with { IsNamed = false, IsSyncActive = false };

    private static readonly ProbeAnswer Follows = new(true, Position, false, false, false, null, Position);

    private DateTimeOffset now = DateTimeOffset.UnixEpoch;
    private StandbyWatch watch = new(DateTimeOffset.UnixEpoch);

    [Fact]
    public void A_standby_that_hangs_is_missed_from_its_last_sign_of_life_not_from_when_that_was_noticed()
    {
        Observe(Waits);
        Assert.Equal(TimeSpan.Zero, watch.Facts.NotStreamingFor);
        for (var silentFor = Step; silentFor <= TimeSpan.FromSeconds(1); silentFor += Step)
        {
            Observe(Waits, silentFor);
        }

        Assert.True(watch.Facts.IsStreaming);
        Assert.Equal(TimeSpan.FromSeconds(1), watch.Facts.NotStreamingFor);
    }

    [Fact]
    public void Once_writes_are_let_go_nobody_has_everything_by_answers_of_before()
    {
        Assert.True(HasMarkBy(TimeSpan.FromSeconds(1)));

        watch = watch.LetGo(now);

        // Asked before that, and asked since by who has not heard of it yet.
        Observe(Waits);
        Assert.True(watch.Facts.IsNamed);
        Assert.False(watch.Facts.IsSyncActive || HasMarkBy(TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void Once_the_primary_has_shown_that_they_are_the_wait_counts_again()
    {
        HasMarkBy(TimeSpan.FromSeconds(1));
        watch = watch.LetGo(now);

        Observe(WaitsNot);
        Observe(Waits);

        Assert.True(watch.Facts.IsSyncActive);
        Assert.False(watch.Facts.HasReplayedMark);
        Assert.True(HasMarkBy(TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void Where_the_primary_never_shows_it_it_is_told_to_wait_again_and_then_counts()
    {
        watch = watch.LetGo(now);
        Assert.False(HasMarkBy(TimeSpan.FromSeconds(4)) || watch.Facts.IsWaitDoubted);
        Assert.False(HasMarkBy(TimeSpan.FromSeconds(4)));
        Assert.True(watch.Facts.IsWaitDoubted);

        watch = watch.Told();

        Assert.True(HasMarkBy(TimeSpan.FromSeconds(1)));
        Assert.False(watch.Facts.IsWaitDoubted);
    }

    [Fact]
    public void While_a_checkpoint_keeps_the_setting_from_the_sessions_no_mark_is_taken()
    {
        Assert.False(HasMarkBy(TimeSpan.FromSeconds(10), Waits with { IsCheckpointing = true }));

        Assert.True(HasMarkBy(TimeSpan.FromMilliseconds(50)));
    }

    [Fact]
    public void An_answer_that_is_followed_by_none_is_no_proof_however_old_it_grows()
    {
        Observe(Waits);
        var asked = now;
        for (var look = 0; look < 10; look++)
        {
            now += Step;
            watch = watch.Observe(Primary, new(Reach.Answers, 0, asked, null, Waits), Standby(default), Follows, now);
        }

        Assert.False(watch.Facts.HasReplayedMark);
    }

    /// <summary>Whether the standby has everything after so long a wait.</summary>
    private bool HasMarkBy(TimeSpan length, ProbeAnswer? primarySays = null)
    {
        for (var end = now + length; now < end; )
        {
            Observe(primarySays ?? Waits);
        }

        return watch.Facts.HasReplayedMark;
    }

    private void Observe(ProbeAnswer primarySays, TimeSpan standbySilentFor = default)
    {
        now += Step;
        watch = watch.Observe(
            Primary,
            new(Reach.Answers, 0, now, null, primarySays),
            Standby(standbySilentFor),
            Follows,
            now
        );
    }

    private static ServerFacts Standby(TimeSpan silentFor) => new("b", Reach.Answers, 0, silentFor, IsInRecovery: true);
}
