using Workshop.AppHost.Hosting;
using Xunit;

namespace Workshop.Tests.AppHost.Hosting;

public sealed class BrowserPortsTests
{
    [Theory]
    [InlineData("http://localhost:10080")]
    [InlineData("http://localhost:6000")]
    [InlineData("http://localhost:6667")]
    public void A_port_that_no_browser_opens_is_remarked_upon(string address) =>
        Assert.Contains("--port-offset", BrowserPorts.Remark(new(address)), StringComparison.Ordinal);

    [Theory]
    [InlineData("http://localhost:8080")]
    [InlineData("http://localhost:3000")]
    [InlineData("http://localhost:4000")]
    [InlineData("http://localhost:18888")]
    public void The_workshops_own_ports_are_not(string address) => Assert.Empty(BrowserPorts.Remark(new(address)));
}
