using System.Net;
using Microsoft.AspNetCore.Http;
using Workshop.ServiceDefaults.Connections;
using Xunit;

namespace Workshop.Tests.ServiceDefaults.Connections;

public sealed class ClientAddressTests
{
    [Theory]
    [InlineData("127.0.0.1", "localhost:8080")]
    [InlineData("::1", "[::1]:8080")]
    [InlineData("::ffff:127.0.0.1", "127.0.0.1")]
    [InlineData(null, "localhost")]
    public void A_caller_over_loopback_is_of_this_machine(string? address, string host) =>
        Assert.True(Request(address, host).IsLocal());

    [Theory]
    [InlineData("192.168.1.30", "192.168.1.20:8080")]
    [InlineData("192.168.1.30", "localhost")]
    [InlineData("127.0.0.1", "name.ngrok.app")]
    public void A_caller_of_another_machine_or_by_another_name_is_not(string address, string host) =>
        Assert.False(Request(address, host).IsLocal());

    [Theory]
    [InlineData("X-Forwarded-For")]
    [InlineData("X-Forwarded-Host")]
    [InlineData("Forwarded")]
    [InlineData("Via")]
    public void A_caller_who_was_passed_on_by_a_tunnel_is_not(string header)
    {
        var http = Request("127.0.0.1", "localhost:8080");
        http.Request.Headers[header] = "203.0.113.9";

        Assert.False(http.IsLocal());
    }

    private static DefaultHttpContext Request(string? address, string host)
    {
        var http = new DefaultHttpContext();
        http.Connection.RemoteIpAddress = address is null ? null : IPAddress.Parse(address);
        http.Request.Host = new(host);
        return http;
    }
}
