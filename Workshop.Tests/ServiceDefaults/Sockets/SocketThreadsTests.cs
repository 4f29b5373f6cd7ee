using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Workshop.ServiceDefaults.Sockets;
using Xunit;

namespace Workshop.Tests.ServiceDefaults.Sockets;

/// <summary>Which routes stay on the thread that the request came on.</summary>
public sealed class SocketThreadsTests
{
    [Theory]
    [InlineData("/quick", "the caller's")]
    [InlineData("/slow", "the pool's")]
    [InlineData("/unknown", "the pool's")]
    public async Task Only_a_route_that_is_answered_at_once_stays_on_the_socket_s_thread(string path, string expected)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        await using var app = builder.Build();
        app.Use(RunOnThreadOfItsOwn);
        app.UseSocketThreads();
        app.MapGet("/quick", Whose).AnsweredAtOnce();
        app.MapGet("/slow", Whose);
        app.MapFallback(Whose);
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var client = app.GetTestClient();

        var whose = await client.GetStringAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(expected, whose);
    }

    private static string Whose() => Thread.CurrentThread.IsThreadPoolThread ? "the pool's" : "the caller's";

    /// <summary>Stands for the socket's thread.</summary>
    private static Task RunOnThreadOfItsOwn(HttpContext context, RequestDelegate next)
    {
        var begun = new TaskCompletionSource<Task>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => begun.SetResult(next(context))).Start();
        return begun.Task.Unwrap();
    }
}
