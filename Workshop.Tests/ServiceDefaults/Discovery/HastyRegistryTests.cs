using LaboratoryBench.Processes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Workshop.ServiceDefaults.Discovery;
using Xunit;

namespace Workshop.Tests.ServiceDefaults.Discovery;

/// <summary>A registry at which too many wait answers at once: who asks again at once would only make it worse.</summary>
public sealed class HastyRegistryTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_answer_without_news_that_did_not_wait_is_followed_by_a_pause()
    {
        var asked = 0;
        await using var registry = await StubMember.Start(context =>
        {
            Interlocked.Increment(ref asked);
            return context.Response.WriteAsJsonAsync(
                new
                {
                    service = "shop-api",
                    index = 7,
                    instances = Array.Empty<object>(),
                }
            );
        });
        using var http = new HttpClient { BaseAddress = new(registry.Url) };
        await using var watch = new ServiceWatch("shop-api", http, TimeProvider.System, NullLogger.Instance);

        Assert.True(await watch.WaitForFirstAnswer(TimeSpan.FromSeconds(30), Ct));
        var before = Volatile.Read(ref asked);
        await Task.Delay(TimeSpan.FromSeconds(1), Ct);

        // One each 250 ms; without the pause they are hundreds.
        Assert.InRange(Volatile.Read(ref asked) - before, 0, 10);
    }
}
