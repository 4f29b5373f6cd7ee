using Microsoft.Extensions.Time.Testing;
using Shop.Api.Storage;
using Xunit;

namespace Workshop.Tests.ShopApi.Storage;

/// <summary>How exactly a server knows the database's time.</summary>
public sealed class DatabaseClockTests
{
    private static readonly DateTime Noon = new(2026, 1, 1, 12, 0, 0, DateTimeKind.Utc);

    private readonly FakeTimeProvider time = new(new DateTimeOffset(Noon).AddHours(3));
    private readonly DatabaseClock clock;

    public DatabaseClockTests() => clock = new(time);

    [Fact]
    public void It_goes_on_by_itself_and_tells_how_far_the_machines_clock_is_off()
    {
        Assert.Null(clock.Difference);
        Hear(Noon, wayMilliseconds: 2);
        time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(Noon.AddSeconds(10).AddMilliseconds(1), clock.Now);
        Assert.InRange(clock.Difference!.Value, TimeSpan.FromHours(2.99), TimeSpan.FromHours(3.01));
    }

    [Fact]
    public void A_slow_answer_does_not_spoil_what_a_quick_one_said()
    {
        Hear(Noon, wayMilliseconds: 2);
        // Told at once, and on its way for long.
        Hear(Noon.AddMilliseconds(2), wayMilliseconds: 800);

        Assert.Equal(Noon.AddMilliseconds(1 + 800), clock.Now);
    }

    [Theory]
    [InlineData(30)]
    [InlineData(-30)]
    public void A_clock_that_was_set_or_is_another_servers_is_followed(int seconds)
    {
        Hear(Noon, wayMilliseconds: 2);
        Hear(Noon.AddSeconds(seconds), wayMilliseconds: 100);

        Assert.Equal(Noon.AddSeconds(seconds).AddMilliseconds(50), clock.Now);
    }

    private void Hear(DateTime told, int wayMilliseconds)
    {
        var asked = time.GetTimestamp();
        time.Advance(TimeSpan.FromMilliseconds(wayMilliseconds));
        clock.Note(told, asked);
    }
}
