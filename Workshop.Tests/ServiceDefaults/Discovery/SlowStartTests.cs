using Microsoft.Extensions.Time.Testing;
using Workshop.ServiceDefaults.Discovery;
using Xunit;

namespace Workshop.Tests.ServiceDefaults.Discovery;

public sealed class SlowStartTests
{
    private const string Service = "http://shop-api";

    private readonly FakeTimeProvider time = new();
    private readonly SlowStart slowStart;

    public SlowStartTests() => slowStart = new(time);

    [Fact]
    public void Those_that_are_there_from_the_beginning_take_all_their_turns()
    {
        slowStart.Observe(Service, ["one", "two"]);

        Assert.Equal((100, 100), (Turns("one"), Turns("two")));
    }

    [Fact]
    public void One_that_joins_others_takes_few_turns_at_first_and_all_of_them_in_the_end()
    {
        slowStart.Observe(Service, ["one"]);
        slowStart.Observe(Service, ["one", "two"]);

        var shares = new List<int>();
        for (var seconds = 0; seconds <= SlowStart.Window.TotalSeconds; seconds++)
        {
            shares.Add(Turns("two"));
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(100 * SlowStart.LeastShare, shares[0], tolerance: 1);
        Assert.Equal(shares.Order(), shares);
        Assert.Equal(100, shares[^1]);
        Assert.Equal(100, Turns("one"));
    }

    [Fact]
    public void One_that_left_and_came_back_begins_again()
    {
        slowStart.Observe(Service, ["one", "two"]);
        slowStart.Observe(Service, ["one"]);
        slowStart.Observe(Service, ["one", "two"]);

        Assert.Equal(100, Turns("one"));
        Assert.InRange(Turns("two"), 9, 11);
    }

    [Fact]
    public void Where_nobody_is_left_of_those_before_the_new_ones_take_all_turns()
    {
        slowStart.Observe(Service, ["one"]);
        slowStart.Observe(Service, ["two", "three"]);

        Assert.Equal((100, 100), (Turns("two"), Turns("three")));
    }

    [Fact]
    public void Services_do_not_know_of_each_other()
    {
        slowStart.Observe(Service, ["one"]);
        slowStart.Observe("http://consensus", ["two"]);

        Assert.Equal(100, Turns("two"));
    }

    private int Turns(string instance) => Enumerable.Range(0, 100).Count(_ => slowStart.Takes(instance));
}
