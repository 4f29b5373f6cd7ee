using Registry.Conductor.StateMachine;
using Xunit;

namespace Workshop.Tests.Registry.Conductor.StateMachine;

public sealed class SilenceTests
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    private DateTimeOffset now = DateTimeOffset.UnixEpoch;
    private Silence silence = new(DateTimeOffset.UnixEpoch);

    [Fact]
    public void A_server_that_hangs_is_silent_from_its_last_answer()
    {
        var heard = Heard();
        Observe(heard);

        Assert.Equal(TimeSpan.FromSeconds(1), LookFor(TimeSpan.FromSeconds(1), heard with { Reach = Reach.Silent }));
    }

    [Fact]
    public void A_conductor_that_starts_late_or_slowly_has_heard_no_silence()
    {
        now += TimeSpan.FromSeconds(30);
        Assert.Equal(TimeSpan.Zero, Observe(ProbeState.Unknown));
        now += TimeSpan.FromSeconds(5);

        var failed = ProbeState.Unknown with { Reach = Reach.Silent };
        Assert.Equal(TimeSpan.Zero, Observe(failed));
        Assert.Equal(TimeSpan.FromMilliseconds(900), LookFor(TimeSpan.FromMilliseconds(900), failed));
    }

    [Fact]
    public void A_conductor_that_got_no_time_does_not_take_it_for_the_servers_silence()
    {
        var heard = Heard();
        Observe(heard);
        now += TimeSpan.FromMinutes(1);

        Assert.Equal(Silence.LongestStep, Observe(heard with { Reach = Reach.Silent }));
    }

    [Fact]
    public void An_answer_ends_it()
    {
        var heard = Heard();
        Observe(heard);
        LookFor(TimeSpan.FromSeconds(3), heard);

        Assert.Equal(TimeSpan.Zero, Observe(Heard()));
    }

    private ProbeState Heard() => new(Reach.Answers, 0, now, null, null);

    private TimeSpan Observe(ProbeState state)
    {
        silence = silence.Observe(state, now);
        return silence.Length;
    }

    private TimeSpan LookFor(TimeSpan length, ProbeState state)
    {
        for (var passed = TimeSpan.Zero; passed < length; passed += Look)
        {
            now += Look;
            Observe(state);
        }

        return silence.Length;
    }
}
