using System.Net;
using Workshop.AppHost;
using Workshop.AppHost.Hosting;
using Xunit;

namespace Workshop.Tests.AppHost.Hosting;

public sealed class OwnAddressTests
{
    [Fact]
    public void Without_the_option_only_this_machine_is_let_in() => Assert.Null(WorkshopOptions.Read([]).LanAddress);

    [Fact]
    public void An_address_of_this_machine_is_found_or_named()
    {
        Assert.SkipWhen(OwnAddress.All.Count == 0, "This machine has no address but loopback.");
        var first = OwnAddress.All[0];

        Assert.False(IPAddress.IsLoopback(first));
        Assert.Equal(first, WorkshopOptions.Read(["--lan"]).LanAddress);
        Assert.Equal(first, WorkshopOptions.Read(["--lan", "--ephemeral"]).LanAddress);
        Assert.Equal(first, WorkshopOptions.Read(["--ephemeral", "--lan", $"{first}"]).LanAddress);
    }

    [Theory]
    [InlineData("203.0.113.9")]
    [InlineData("127.0.0.1")]
    [InlineData("everywhere")]
    public void An_address_that_is_not_this_machines_is_refused_with_those_that_are(string address)
    {
        var refusal = Assert.Throws<HostException>(() => WorkshopOptions.Read(["--lan", address]));

        Assert.Equal(HostException.Misuse, refusal.ExitCode);
        Assert.StartsWith(
            $"--lan {address}: it is no address of this machine.",
            refusal.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Services_are_reached_at_the_address_in_either_protocol()
    {
        Assert.Equal("http://192.168.1.20:4000", OwnAddress.At(IPAddress.Parse("192.168.1.20"), 4000));
        Assert.Equal("http://[fd00::2]:4000", OwnAddress.At(IPAddress.Parse("fd00::2"), 4000));
    }
}
