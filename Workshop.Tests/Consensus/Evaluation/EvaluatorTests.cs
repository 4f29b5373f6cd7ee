using LaboratoryBench.Processes;
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
        Assert.Equal(global::Consensus.Evaluation.UnscoredRows.Attempts, surveys);
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

    [Fact]
    public async Task An_evaluation_goes_on_when_the_one_who_asked_for_it_goes_away()
    {
        var pieces = 0;
        using var goesAway = new CancellationTokenSource();
        await using var member = await StubMember.StartOnceJoined(async context =>
        {
            var rows = await StubMember.RowsOf(context.Request);
            if (rows > 1 && Interlocked.Increment(ref pieces) == 1)
            {
                await goesAway.CancelAsync();
                await Task.Delay(Pause);
            }

            await context.Response.WriteAsync(StubMember.Irises(rows, 0.9, 0.1, 0));
        });
        await using var fixture = new ConsensusFixture().With("Consensus:MemberDeadline", "00:00:20");
        await fixture.Register("ann", member.Url, protocol: "v2");
        member.Begin();
        using var client = fixture.CreateClient();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            client.GetAsync(new Uri("/evaluation", UriKind.Relative), goesAway.Token)
        );
        var (rows, answered, _) = await Evaluation(fixture);

        Assert.Equal(rows, answered);
        // It was asked once, for those that waited too.
        Assert.Equal((rows + 31) / 32, pieces);
    }

    [Fact]
    public async Task Members_that_are_named_are_left_out_of_a_second_average_and_consensus()
    {
        await using var right = await StubMember.Says(0.9, 0.1, 0);
        await using var wrong = await StubMember.Says(0, 0.1, 0.9);
        await using var fixture = new ConsensusFixture();
        await fixture.Register("ann", right.Url);
        await fixture.Register("bob", wrong.Url);

        var all = (await fixture.Get("/evaluation")).GetProperty("networks");
        var reduced = (await fixture.Get("/evaluation?without=bob&without=nobody")).GetProperty("networks");

        var iris = reduced.GetProperty("iris");
        var without = iris.GetProperty("without");
        Assert.False(all.GetProperty("iris").TryGetProperty("without", out _));
        Assert.False(reduced.GetProperty("titanic").TryGetProperty("without", out _));
        Assert.Equal("bob", Assert.Single(without.GetProperty("members").EnumerateArray()).GetString());
        // Alone, ann is the average and the consensus; with bob, neither is hers.
        Assert.Equal(Accuracy(iris.GetProperty("members")[0]), Accuracy(without.GetProperty("average")));
        Assert.Equal(Accuracy(iris.GetProperty("members")[0]), Accuracy(without.GetProperty("consensus")));
        Assert.Equal(all.GetProperty("iris").GetProperty("average").ToString(), iris.GetProperty("average").ToString());
        Assert.NotEqual(
            without.GetProperty("average").GetProperty("logLoss").ToString(),
            iris.GetProperty("average").GetProperty("logLoss").ToString(),
            StringComparer.Ordinal
        );

        static double Accuracy(System.Text.Json.JsonElement who) =>
            who.GetProperty("accuracy").GetProperty("value").GetDouble();
    }

    [Fact]
    public async Task More_names_than_a_network_has_members_are_refused()
    {
        await using var fixture = new ConsensusFixture();
        using var client = fixture.CreateClient();
        var names = string.Join('&', Enumerable.Range(0, 33).Select(n => $"without=m{n}"));

        using var answer = await client.GetAsync(
            new Uri($"/evaluation?{names}", UriKind.Relative),
            TestContext.Current.CancellationToken
        );

        Assert.Equal(System.Net.HttpStatusCode.BadRequest, answer.StatusCode);
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
