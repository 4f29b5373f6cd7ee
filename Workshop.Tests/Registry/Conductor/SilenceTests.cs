using Microsoft.Extensions.Time.Testing;
using Registry.Conductor;
using Xunit;

namespace Workshop.Tests.Registry.Conductor;

public sealed class SilenceTests
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    private readonly FakeTimeProvider time = new();
    private readonly Silence silence;

    public SilenceTests()
    {
        // A timestamp of 0 would say that nothing was heard yet.
        time.Advance(TimeSpan.FromSeconds(1));
        silence = new(time);
    }

    [Fact]
    public void A_server_that_hangs_is_silent_from_its_last_answer()
    {
        var heard = Heard();
        silence.Observe(heard);

        Assert.Equal(TimeSpan.FromSeconds(1), LookFor(TimeSpan.FromSeconds(1), heard with { Reach = Reach.Silent }));
    }

    [Fact]
    public void A_conductor_that_starts_late_or_slowly_has_heard_no_silence()
    {
        var unprobed = new ProbeState(Reach.Unknown, 0, 0, null, null);
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(TimeSpan.Zero, silence.Observe(unprobed));
        time.Advance(TimeSpan.FromSeconds(5));

        var failed = unprobed with { Reach = Reach.Silent };
        Assert.Equal(TimeSpan.Zero, silence.Observe(failed));
        Assert.Equal(TimeSpan.FromMilliseconds(900), LookFor(TimeSpan.FromMilliseconds(900), failed));
    }

    [Fact]
    public void A_conductor_that_got_no_time_does_not_take_it_for_the_servers_silence()
    {
        var heard = Heard();
        silence.Observe(heard);
        time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(Silence.LongestStep, silence.Observe(heard with { Reach = Reach.Silent }));
    }

    [Fact]
    public void An_answer_ends_it()
    {
        var heard = Heard();
        silence.Observe(heard);
        LookFor(TimeSpan.FromSeconds(3), heard);

        Assert.Equal(TimeSpan.Zero, silence.Observe(Heard()));
    }

    [Fact]
    public void A_standby_that_hangs_is_missed_from_its_last_sign_of_life_not_from_when_that_was_noticed()
    {
        var watch = new StandbyWatch(time);
        var serves = new ServerFacts("a", Reach.Answers);
        var says = new ProbeAnswer(false, 100, true, true, true, 100);
        var last = watch.Observe(serves, says, Standby(TimeSpan.Zero), null);
        Assert.Equal(TimeSpan.Zero, last.NotStreamingFor);
        for (var silentFor = Look; silentFor <= TimeSpan.FromSeconds(1); silentFor += Look)
        {
            time.Advance(Look);
            last = watch.Observe(serves, says, Standby(silentFor), null);
        }

        Assert.True(last.IsStreaming);
        Assert.Equal(TimeSpan.FromSeconds(1), last.NotStreamingFor);

        static ServerFacts Standby(TimeSpan silentFor) => new("b", Reach.Answers, 0, silentFor, IsInRecovery: true);
    }

    private ProbeState Heard() => new(Reach.Answers, 0, time.GetTimestamp(), null, null);

    private TimeSpan LookFor(TimeSpan length, ProbeState state)
    {
        var last = TimeSpan.Zero;
        for (var passed = TimeSpan.Zero; passed < length; passed += Look)
        {
            time.Advance(Look);
            last = silence.Observe(state);
        }

        return last;
    }
}
