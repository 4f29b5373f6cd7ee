using Consensus.Limits;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Workshop.Tests.Consensus.Limits;

/// <summary>A place that is given back is one's own.</summary>
public sealed class RateTests
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider time = new();

    [Fact]
    public void What_was_given_back_moves_no_other_place()
    {
        var rate = new Rate(2, Window, time);
        Assert.Null(rate.Take());
        time.Advance(Window / 2);
        Assert.Null(rate.Take(out var refused));
        rate.GiveBack(refused);
        Assert.Null(rate.Take());

        Assert.Equal(Window / 2, rate.Take());
        time.Advance(Window / 2);
        Assert.Null(rate.Take());
        Assert.Equal(Window / 2, rate.Take());
    }
}
