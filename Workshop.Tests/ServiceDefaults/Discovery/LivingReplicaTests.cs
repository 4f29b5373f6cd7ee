using System.Net;
using Workshop.ServiceDefaults.Discovery;
using Xunit;

namespace Workshop.Tests.ServiceDefaults.Discovery;

/// <summary>A client of several replicas stays with one that answers, and finds another when it is gone.</summary>
public sealed class LivingReplicaTests
{
    private static readonly Uri[] Replicas = [new("http://one"), new("http://two"), new("http://three")];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_refused_at_the_door_goes_to_the_next_at_once_and_stays_there()
    {
        using var wire = new Wire { Gone = ["one"] };
        using var client = new HttpClient(new LivingReplica(Replicas, wire)) { BaseAddress = Replicas[0] };

        for (var request = 0; request < 2; request++)
        {
            using var answer = await client.GetAsync(new Uri("/ledger?from=3", UriKind.Relative), Stop);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        Assert.Equal(["http://one/ledger?from=3", "http://two/ledger?from=3", "http://two/ledger?from=3"], wire.Asked);
    }

    [Fact]
    public async Task One_that_is_not_ready_answers_for_itself_and_the_next_request_goes_to_another()
    {
        using var wire = new Wire { Busy = ["one"] };
        using var client = new HttpClient(new LivingReplica(Replicas, wire)) { BaseAddress = Replicas[0] };

        using var busy = await client.GetAsync(new Uri("/a", UriKind.Relative), Stop);
        using var ready = await client.GetAsync(new Uri("/a", UriKind.Relative), Stop);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, busy.StatusCode);
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
    }

    [Fact]
    public async Task Where_all_are_gone_the_caller_hears_it_after_each_was_asked_once()
    {
        using var wire = new Wire { Gone = ["one", "two", "three"] };
        using var client = new HttpClient(new LivingReplica(Replicas, wire)) { BaseAddress = Replicas[0] };

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri("/a", UriKind.Relative), Stop));

        Assert.Equal(3, wire.Asked.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(3, wire.Asked.Count);
    }

    [Fact]
    public void One_address_needs_nothing_of_it()
    {
        using var wire = new Wire();

        Assert.Same(wire, LivingReplica.Of([Replicas[0]], wire));
    }

    private sealed class Wire : HttpMessageHandler
    {
        internal string[] Gone { get; init; } = [];

        internal string[] Busy { get; init; } = [];

        internal List<string> Asked { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct)
        {
            Asked.Add(request.RequestUri!.AbsoluteUri);
            var host = request.RequestUri.Host;
            return Gone.Contains(host, StringComparer.Ordinal)
                ? throw new HttpRequestException(HttpRequestError.ConnectionError, "refused")
                : Task.FromResult(
                    new HttpResponseMessage(
                        Busy.Contains(host, StringComparer.Ordinal)
                            ? HttpStatusCode.ServiceUnavailable
                            : HttpStatusCode.OK
                    )
                );
        }
    }
}
