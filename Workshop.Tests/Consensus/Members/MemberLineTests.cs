using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Workshop.Tests.Consensus.Members;

/// <summary>Single questions that gather while a member is busy.</summary>
public sealed class MemberLineTests
{
    private const int Queries = 12;

    [Fact]
    public async Task Questions_that_come_while_a_member_is_busy_go_to_it_together()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var busy = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var member = await StubMember.Start(context => Answer(context, busy, release.Task));
        await using var fixture = new ConsensusFixture().With("Consensus:MemberDeadline", "00:00:20");
        await fixture.Register("ann", member.Url, protocol: "v2");
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

        var rows = 1;
        if (HttpMethods.IsPost(context.Request.Method))
        {
            using var body = await JsonDocument.ParseAsync(context.Request.Body);
            rows = body.RootElement.GetProperty("inputs")[0].GetProperty("shape")[0].GetInt32();
        }

        await context.Response.WriteAsync(Iris(rows));
    }

    /// <summary>An answer to so many rows at once.</summary>
    internal static string Iris(int rows)
    {
        var shares = string.Join(',', Enumerable.Repeat("0.9,0.1,0", rows));
        return "{\"outputs\":[{\"name\":\"probabilities\",\"shape\":["
            + rows.ToString(CultureInfo.InvariantCulture)
            + ",3],\"datatype\":\"FP64\",\"data\":["
            + shares
            + "],\"parameters\":{\"labels\":[\"setosa\",\"versicolor\",\"virginica\"]}}]}";
    }
}
