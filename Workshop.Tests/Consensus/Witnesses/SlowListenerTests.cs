using Consensus.Ledger;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Workshop.Tests.Consensus.Ledger;
using Xunit;

namespace Workshop.Tests.Consensus.Witnesses;

public sealed class SlowListenerTests
{
    [Fact]
    public async Task A_listener_that_takes_nothing_for_half_a_minute_is_let_go()
    {
        using var folder = new LedgerFolder();
        folder.Fill();
        using var chain = folder.Open();
        var time = new FakeTimeProvider();
        var lifetime = new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance);
        using var stream = new LedgerStream(chain, time, lifetime);
        var aborted = new Aborted();
        await using var stuck = new StuckStream();
        await using var services = new ServiceCollection().AddLogging().BuildServiceProvider();
        var http = new DefaultHttpContext { RequestServices = services };
        http.Features.Set<IHttpRequestLifetimeFeature>(aborted);
        http.Response.Body = stuck;
        var sending = ((IResult)LedgerStream.Listen(http, stream, 0).Result).ExecuteAsync(http);
        await stuck.Began.WaitAsync(TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromSeconds(29));

        Assert.False(aborted.WasCalled);
        time.Advance(TimeSpan.FromSeconds(2));
        await sending;
        Assert.True(aborted.WasCalled);
    }

    private sealed class Aborted : IHttpRequestLifetimeFeature
    {
        internal bool WasCalled { get; private set; }

        public CancellationToken RequestAborted { get; set; }

        public void Abort() => WasCalled = true;
    }

    /// <summary>Takes what is flushed, and never takes a byte.</summary>
    private sealed class StuckStream : MemoryStream
    {
        private readonly TaskCompletionSource began = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal Task Began => began.Task;

        public override async ValueTask WriteAsync(
            ReadOnlyMemory<byte> buffer,
            CancellationToken cancellationToken = default
        )
        {
            began.TrySetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
    }
}
