using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Shop.Web.Tour;
using Xunit;

namespace Workshop.Tests.Shop.Web.Tour;

/// <summary>A link to the dashboard is given to a reader who can follow it.</summary>
public sealed class WorkshopAddressesTests
{
    private const string Trace = "0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("http://localhost:4500", "127.0.0.1", "http://localhost:19388/traces/detail/" + Trace)]
    [InlineData("http://localhost:4000", "127.0.0.1", "http://localhost:18888/traces/detail/" + Trace)]
    [InlineData("http://localhost:4000", "192.0.2.7", null)]
    [InlineData(null, "127.0.0.1", null)]
    public void A_trace_has_an_address_where_the_dashboard_is_known_and_can_be_reached(
        string? consensus,
        string reader,
        string? address
    )
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([KeyValuePair.Create("services:consensus:http:0", consensus)])
            .Build();
        var http = new DefaultHttpContext();
        http.Connection.RemoteIpAddress = IPAddress.Parse(reader);
        http.Request.Host = new("localhost", 8080);

        Assert.Equal(address, new WorkshopAddresses(configuration).Trace(Trace, http));
    }
}
