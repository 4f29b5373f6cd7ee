using System.Collections.Concurrent;
using Consensus;
using Consensus.Clients;
using LaboratoryBench.Processes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Workshop.Ledger.Networks;
using Workshop.ServiceDefaults.Loops;
using Xunit;

namespace Workshop.Tests.Consensus.Clients;

/// <summary>Single questions to a member whose answers hang until the test lets them go; in virtual time.</summary>
public sealed class SlowMemberTests : IAsyncDisposable
{
    private const string Row = "5.1,3.5,1.4,0.2";

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(10);

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly FakeTimeProvider time = new();

    private readonly BlockingCollection<Held> held = [];

    private readonly PredictorConnections connections = new(new ConfigurationBuilder().Build(), []);

    private readonly Schema schema = Schema.Find("iris")!;

    [Fact]
    public async Task Nothing_passes_a_request_that_is_not_yet_slow()
    {
        await using var member = await StubMember.Start(Hold);
        var client = ClientOf(member);
        var first = Ask(client);
        var one = await Arrival();
        Task<Reply>[] others = [Ask(client), Ask(client)];
        time.Advance(Patience / 2);
        one.Release();
        var both = await Arrival();
        both.Release();

        Assert.Equal([1, 2], [one.Rows, both.Rows]);
        await AssertAnswered([first, .. others]);
    }

    [Fact]
    public async Task One_request_passes_a_slow_one_and_no_third_does()
    {
        await using var member = await StubMember.Start(Hold);
        var client = ClientOf(member);
        var first = Ask(client);
        var slow = await Arrival();
        Task<Reply>[] passing = [Ask(client), Ask(client), Ask(client)];
        time.Advance(Patience);
        var second = await Arrival();
        Task<Reply>[] waiting = [Ask(client), Ask(client)];
        time.Advance(Patience * 3);
        second.Release();
        await AssertAnswered(passing);
        var third = await Arrival();
        third.Release();
        await AssertAnswered(waiting);

        Assert.Equal([1, 3, 2], [slow.Rows, second.Rows, third.Rows]);
        Assert.False(first.IsCompleted);
        slow.Release();
        await AssertAnswered([first]);
    }

    public ValueTask DisposeAsync()
    {
        held.Dispose();
        connections.Dispose();
        return ValueTask.CompletedTask;
    }

    private RequestCoalescer ClientOf(StubMember stub)
    {
        var transport = new PredictorTransport(connections, Options.Create(new ConsensusOptions()), time);
        return new(
            new InferenceV2Client(stub.Url, schema, transport),
            transport,
            Patience,
            new(time, NullLogger<Background>.Instance),
            time
        );
    }

    private static async Task AssertAnswered(Task<Reply>[] questions) =>
        Assert.All(await Task.WhenAll(questions).WaitAsync(Limit), reply => Assert.Null(reply.Miss));

    private Task<Reply> Ask(RequestCoalescer client) =>
        client.Ask(RowQuestion.Of(schema, Row), TestContext.Current.CancellationToken);

    /// <summary>The next request that has come to the member.</summary>
    private Task<Held> Arrival() =>
        Task.Run(() => held.TryTake(out var next, Limit) ? next : throw new TimeoutException("No request came."));

    private async Task Hold(HttpContext context)
    {
        var rows = await StubMember.RowsOf(context.Request);
        var own = new Held(rows);
        held.Add(own);
        await own.Released;
        await context.Response.WriteAsync(StubMember.Irises(rows, 0.9, 0.1, 0));
    }

    /// <summary>A request that waits for the test.</summary>
    private sealed record Held(int Rows)
    {
        private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal Task Released => released.Task;

        internal void Release() => released.SetResult();
    }
}
