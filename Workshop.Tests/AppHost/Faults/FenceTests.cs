using Workshop.AppHost.Faults;
using Xunit;

namespace Workshop.Tests.AppHost.Faults;

/// <summary>What keeps a server down, and who may take it back.</summary>
public sealed class FenceTests
{
    [Fact]
    public void Who_takes_it_back_takes_back_what_was_there_when_that_was_asked_for()
    {
        var fence = new Fence("postgres-1");
        Assert.True(fence.TryTakeBack(fence.Raised));

        fence.Raise();
        var seen = fence.Raised;
        fence.Raise();

        Assert.False(fence.TryTakeBack(seen));
        Assert.True(fence.IsUp);
        Assert.True(fence.TryTakeBack(fence.Raised));
        Assert.False(fence.IsUp);
    }

    [Fact]
    public void No_start_passes_it_and_one_that_has_passed_is_coming_until_it_is_seen()
    {
        var fence = new Fence("postgres-1");
        Assert.False(fence.IsComing);

        fence.Pass();
        Assert.True(fence.IsComing);
        fence.Raise();
        Assert.True(fence.IsComing);
        fence.Settle(fence.Passed - 1);
        Assert.True(fence.IsComing);
        fence.Settle(fence.Passed);
        Assert.False(fence.IsComing);

        var refused = Assert.Throws<InvalidOperationException>(fence.Pass);
        Assert.Contains("postgres-1 was fenced", refused.Message, StringComparison.Ordinal);
        Assert.False(fence.IsComing);
    }
}
