using System.IO.Pipelines;
using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Shop.Web.Redundancy.Crowds;
using Workshop.ServiceDefaults.Loops;
using Xunit;

namespace Workshop.Tests.Shop.Web.Redundancy.Crowds;

/// <summary>A laboratory whose connection stands, and which says nothing more.</summary>
public sealed class RemoteCrowdTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_laboratory_that_says_nothing_for_long_is_lost_and_each_news_begins_the_wait_anew()
    {
        var time = new FakeTimeProvider();
        var said = new Pipe();
        await using var services = new ServiceCollection().BuildServiceProvider();
        var crowd = new RemoteCrowd(
            new OneClient(said.Reader.AsStream()),
            services.GetRequiredService<IServiceScopeFactory>(),
            new Background(time, NullLogger<Background>.Instance),
            time,
            NullLogger<RemoteCrowd>.Instance
        );
        var plan = new CrowdPlan("a", [Guid.NewGuid()], RatePerSecond: 1, Orders: 1, NaiveServer: null);
        await using var news = crowd.Send(plan, CancellationToken.None, Ct).GetAsyncEnumerator(Ct);
        var almost = RemoteCrowd.LongestSilence - TimeSpan.FromSeconds(1);
        foreach (var underWay in new[] { 3, 2 })
        {
            var next = news.MoveNextAsync();
            time.Advance(almost);
            await said.Writer.WriteAsync(Encoding.UTF8.GetBytes($"data: {{\"underWay\":{underWay}}}\n\n"), Ct);
            Assert.True(await next);
            Assert.Equal(new(underWay), news.Current);
        }

        var last = news.MoveNextAsync();
        time.Advance(almost);
        Assert.False(last.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.True(await last);
        Assert.NotNull(news.Current.Lost);
    }

    /// <summary>Its one answer is a stream.</summary>
    private sealed class OneClient(Stream stream) : HttpMessageHandler, IHttpClientFactory
    {
        public HttpClient CreateClient(string name) =>
            new(this, disposeHandler: false) { BaseAddress = new("http://laboratory") };

        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        ) => Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(stream) });
    }
}
