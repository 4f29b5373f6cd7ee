using LaboratoryBench.Processes;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Workshop.Tests.Consensus.Clients;

/// <summary>Single questions that gather while a member is busy.</summary>
public sealed class RequestCoalescerTests
{
    private const int Queries = 12;

    [Fact]
    public async Task Questions_that_come_while_a_member_is_busy_go_to_it_together()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var busy = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var member = await StubMember.StartOnceJoined(context => Answer(context, busy, release.Task));
        await using var fixture = new ConsensusFixture().With("Consensus:MemberDeadline", "00:00:20");
        await fixture.Register("ann", member.Url, protocol: "v2");
        member.Begin();
        var before = member.Asked;
        var first = fixture.Get("/predict?" + ConsensusFixture.Setosa);
        await busy.Task;
        var others = Enumerable
            .Range(1, Queries)
            .Select(_ => fixture.Get("/predict?" + ConsensusFixture.Setosa))
            .ToArray();
        await Task.Delay(TimeSpan.FromMilliseconds(500), TimeProvider.System);
        release.SetResult();
        var answers = await Task.WhenAll(others.Prepend(first));

        Assert.All(
            answers,
            answer => Assert.Equal("setosa", answer.GetProperty("parameters").GetProperty("prediction").GetString())
        );
        Assert.InRange(member.Asked - before, 2, Queries - 2);
    }

    private static async Task Answer(HttpContext context, TaskCompletionSource busy, Task release)
    {
        if (!context.Request.Path.Value!.EndsWith("/evaluation", StringComparison.Ordinal))
        {
            busy.TrySetResult();
            await release;
        }

        var rows = await StubMember.RowsOf(context.Request);
        await context.Response.WriteAsync(StubMember.Irises(rows, 0.9, 0.1, 0));
    }
}
