using Consensus;
using Consensus.Clients;
using LaboratoryBench.Processes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Workshop.Ledger.Networks;
using Xunit;

namespace Workshop.Tests.Consensus.Clients;

/// <summary>A member that never answers and is asked row by row: it is given up, not asked a thousand times.</summary>
public sealed class HangingMemberTests
{
    private const int AtOnce = 4;

    private const int Rows = 1000;

    [Fact]
    public async Task A_whole_wave_that_is_late_is_the_last_one_that_is_asked()
    {
        var ct = TestContext.Current.CancellationToken;
        using var connections = new PredictorConnections(new ConfigurationBuilder().Build(), []);
        var options = new ConsensusOptions { MemberDeadline = TimeSpan.FromSeconds(1) };
        var transport = new PredictorTransport(connections, Options.Create(options), TimeProvider.System);
        await using var member = await StubMember.Start(context =>
            Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default)
        );
        var client = new PredictClient(member.Url, Schema.Find("iris")!, transport, AtOnce);

        var replies = await client.AskAll([.. Enumerable.Repeat("5.1,3.5,1.4,0.2", Rows)], ct);

        Assert.Equal(Rows, replies.Count);
        Assert.All(replies, reply => Assert.Equal(Reply.Late, reply.Miss));
        await Eventually.Holds(() => Task.FromResult(member.Asked >= AtOnce), ct);
        Assert.InRange(member.Asked, AtOnce, 3 * AtOnce);
    }
}
