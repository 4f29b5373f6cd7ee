using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Workshop.ServiceDefaults.Bodies;
using Xunit;

namespace Workshop.Tests.ServiceDefaults.Bodies;

/// <summary>Bodies whose length is told twice, on a real socket.</summary>
public sealed class SingleLengthTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "5\r\nwhole\r\n0\r\n\r\n", 400)]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "5\r\nwhole\r\n0\r\n\r\n", 400)]
    [InlineData("Content-Length: 5\r\nContent-Length: 6\r\n", "whole", 400)]
    [InlineData("Transfer-Encoding: chunked\r\n", "5\r\nwhole\r\n0\r\n\r\n", 200)]
    [InlineData("Content-Length: 5\r\n", "whole", 200)]
    public async Task A_length_that_is_told_twice_is_refused(string headers, string body, int status)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        app.UseSingleLength();
        app.Run(context => context.Response.CompleteAsync());
        await app.StartAsync(Ct);
        var address = new Uri(app.Urls.Single());
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, address.Port, Ct);
        var stream = client.GetStream();
        var request = $"POST / HTTP/1.1\r\nHost: {address.Authority}\r\n{headers}\r\n{body}";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), Ct);

        using var reader = new StreamReader(stream, Encoding.ASCII);
        Assert.StartsWith($"HTTP/1.1 {status} ", await reader.ReadLineAsync(Ct), StringComparison.Ordinal);
    }
}
