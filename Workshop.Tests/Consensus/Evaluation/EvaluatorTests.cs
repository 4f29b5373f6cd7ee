using Microsoft.AspNetCore.Http;
using Xunit;

namespace Workshop.Tests.Consensus.Evaluation;

/// <summary>Members that miss held-out rows, for a while or for good.</summary>
public sealed class EvaluatorTests
{
    /// <summary>So long a complete evaluation stands.</summary>
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    [Fact]
    public async Task A_member_that_misses_once_is_asked_again()
    {
        var misses = 1;
        await using var member = await StubMember.StartOnceJoined(context => Answer(context, () => misses-- > 0));
        await using var fixture = new ConsensusFixture();
        await fixture.Register("ann", member.Url, protocol: "v2");
        member.Begin();

        var (rows, answered, _) = await Evaluation(fixture);

        Assert.Equal(rows, answered);
    }

    [Fact]
    public async Task A_member_that_misses_again_and_again_is_not_asked_for_ever()
    {
        var surveys = 0;
        await using var member = await StubMember.StartOnceJoined(context => Answer(context, () => surveys++ >= 0));
        await using var fixture = new ConsensusFixture();
        await fixture.Register("ann", member.Url, protocol: "v2");
        member.Begin();

        var (_, answered, _) = await Evaluation(fixture);

        Assert.Equal(0, answered);
        Assert.Equal(global::Consensus.Evaluation.Survey.Attempts, surveys);
    }

    [Fact]
    public async Task An_evaluation_that_lacks_answers_is_soon_made_anew()
    {
        var isStarting = true;
        await using var member = await StubMember.StartOnceJoined(context => Answer(context, () => isStarting));
        await using var fixture = new ConsensusFixture();
        await fixture.Register("ann", member.Url, protocol: "v2");
        member.Begin();
        var first = await Evaluation(fixture);
        isStarting = false;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        var next = first;
        while (next.At == first.At)
        {
            await Task.Delay(Pause, limit.Token);
            next = await Evaluation(fixture);
        }

        Assert.Equal(0, first.Answered);
        Assert.Equal(next.Rows, next.Answered);
        Assert.InRange(next.At - first.At, TimeSpan.Zero, Freshness);
    }

    /// <summary>Answers every question; to one for many rows, which is the evaluation's, it may say that it cannot.</summary>
    private static async Task Answer(HttpContext context, Func<bool> misses)
    {
        var rows = await StubMember.RowsOf(context.Request);
        if (rows > 1 && misses())
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        await context.Response.WriteAsync(StubMember.Irises(rows, 0.9, 0.1, 0));
    }

    private static async Task<(int Rows, int Answered, DateTimeOffset At)> Evaluation(ConsensusFixture fixture)
    {
        var view = await fixture.Get("/evaluation");
        var iris = view.GetProperty("networks").GetProperty("iris");
        return (
            iris.GetProperty("rows").GetInt32(),
            iris.GetProperty("members")[0].GetProperty("answered").GetInt32(),
            view.GetProperty("at").GetDateTimeOffset()
        );
    }
}
