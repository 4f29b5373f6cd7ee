using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Workshop.ServiceDefaults.Bodies;
using Xunit;

namespace Workshop.Tests.ServiceDefaults.Bodies;

/// <summary>What comes before a queue, on a real socket; the time limit in virtual time.</summary>
public sealed class WholeBodiesTests : IAsyncLifetime
{
    private const int Megabytes = 3;

    private const string StatusLine = "HTTP/1.1 408 Request Timeout";

    private readonly FakeTimeProvider time = new();
    private WebApplication? app;
    private int begun;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private Uri Address => new(app!.Urls.Single());

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<TimeProvider>(time);
        app = builder.Build();
        app.UseWholeBodies();
        app.Run(Count);
        await app.StartAsync(Ct);
    }

    public async ValueTask DisposeAsync() => await app!.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_long_body_reaches_its_route_whole(bool isChunked)
    {
        using var http = new HttpClient();
        using var content = new ByteArrayContent(new byte[Megabytes << 20]);
        using var request = new HttpRequestMessage(HttpMethod.Post, Address) { Content = content };
        request.Headers.TransferEncodingChunked = isChunked;
        using var answer = await http.SendAsync(request, Ct);

        Assert.Equal($"{Megabytes << 20}", await answer.Content.ReadAsStringAsync(Ct));
    }

    [Fact]
    public async Task A_body_that_drips_takes_no_place_and_is_given_up_after_five_seconds()
    {
        using var dripping = new TcpClient();
        await dripping.ConnectAsync(IPAddress.Loopback, Address.Port, Ct);
        var stream = dripping.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(
                $"POST / HTTP/1.1\r\nHost: {Address.Authority}\r\nContent-Length: 1000\r\n\r\nhalf"
            ),
            Ct
        );
        using var http = new HttpClient();
        using var answer = await http.PostAsync(Address, new StringContent("whole"), Ct);

        Assert.Equal("5", await answer.Content.ReadAsStringAsync(Ct));
        Assert.Equal(1, begun);

        var reply = new byte[StatusLine.Length];
        var read = stream.ReadExactlyAsync(reply, Ct).AsTask();
        while (!read.IsCompleted)
        {
            // Until the server has begun to wait, time passes for nobody.
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(10, Ct);
        }

        await read;
        Assert.Equal(StatusLine, Encoding.ASCII.GetString(reply));
        Assert.Equal(1, begun);
    }

    private async Task Count(HttpContext context)
    {
        Interlocked.Increment(ref begun);
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, Ct);
        await context.Response.WriteAsync($"{body.Length}", Ct);
    }
}
