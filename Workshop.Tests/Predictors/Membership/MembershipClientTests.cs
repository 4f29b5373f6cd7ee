using System.Net;
using System.Net.Http.Json;
using LaboratoryBench.Processes;
using Predictors.Membership;
using Workshop.Tests.Fixtures;
using Xunit;

namespace Workshop.Tests.Predictors.Membership;

/// <summary>What a predictor makes of a consensus's answers.</summary>
public sealed class MembershipClientTests : IDisposable
{
    private readonly string folder = TestFolders.Create("membership");
    private readonly HeardLog<MembershipClientTests> log = new();

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_conflict_over_something_else_than_the_name_is_said_once_in_the_consensus_s_words()
    {
        var (client, _) = Member(
            isFounder: false,
            request =>
                request.Method == HttpMethod.Post
                    ? Answer(
                        HttpStatusCode.Conflict,
                        new { detail = "The member 'ann' answers at this address already." }
                    )
                    : new(HttpStatusCode.NotFound)
        );

        Assert.False(await client.TryJoin(TestContext.Current.CancellationToken));
        Assert.False(await client.TryJoin(TestContext.Current.CancellationToken));
        Assert.Contains("answers at this address already", Assert.Single(log.Lines).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "Bearer operator")]
    [InlineData(false, "Bearer of-an-earlier-start")]
    public async Task Who_moved_says_so_with_the_token_that_surely_counts(bool isFounder, string bearer)
    {
        await File.WriteAllTextAsync(
            Path.Combine(folder, "member-token"),
            "of-an-earlier-start",
            TestContext.Current.CancellationToken
        );
        var (client, heard) = Member(
            isFounder,
            request =>
                request.Method == HttpMethod.Post ? new(HttpStatusCode.Conflict)
                : request.Method == HttpMethod.Get
                    ? Answer(HttpStatusCode.OK, new { url = "http://localhost:1", key = "k" })
                : new(HttpStatusCode.OK)
        );

        Assert.True(await client.TryJoin(TestContext.Current.CancellationToken));
        Assert.Equal((HttpMethod.Patch, bearer), heard[^1]);
    }

    [Theory]
    [InlineData("exiting", "leaving")]
    [InlineData("left", "has left")]
    [InlineData("ejected", "ejected")]
    public async Task What_does_not_count_any_more_is_said_once_and_is_not_registered(string state, string word)
    {
        var (client, _) = Known(state);

        Assert.False(await client.TryJoin(TestContext.Current.CancellationToken));
        Assert.False(await client.TryJoin(TestContext.Current.CancellationToken));
        Assert.Contains(word, Assert.Single(log.Lines).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("probation")]
    [InlineData("active")]
    [InlineData("jailed")]
    public async Task A_member_that_counts_or_will_again_is_registered(string state)
    {
        var (client, heard) = Known(state);

        Assert.True(await client.TryJoin(TestContext.Current.CancellationToken));
        Assert.Empty(log.Lines);
        Assert.DoesNotContain(heard, request => request.Method == HttpMethod.Patch);
    }

    [Theory]
    [InlineData("exiting", true)]
    [InlineData("left", false)]
    [InlineData("ejected", false)]
    public async Task Only_what_is_still_asked_moves(string state, bool moves)
    {
        var (client, heard) = Known(state, "http://localhost:1");

        await client.TryJoin(TestContext.Current.CancellationToken);

        Assert.Equal(moves, heard.Exists(request => request.Method == HttpMethod.Patch));
    }

    private (MembershipClient Client, List<(HttpMethod Method, string? Authorization)> Heard) Known(
        string state,
        string url = "http://localhost:2"
    ) =>
        Member(
            isFounder: true,
            request =>
                request.Method == HttpMethod.Post ? new(HttpStatusCode.Conflict)
                : request.Method == HttpMethod.Get
                    ? Answer(
                        HttpStatusCode.OK,
                        new
                        {
                            url,
                            key = "k",
                            state,
                        }
                    )
                : new(HttpStatusCode.OK)
        );

    private (MembershipClient Client, List<(HttpMethod Method, string? Authorization)> Heard) Member(
        bool isFounder,
        Func<HttpRequestMessage, HttpResponseMessage> answer
    )
    {
        var consensus = new FarSide(answer);
        var http = new HttpClient(consensus) { BaseAddress = new("http://consensus") };
        var request = new JoinRequest("bob", "http://localhost:2", "v2", "k");
        return (new(http, request, "operator", isFounder, new(folder, log), log), consensus.Heard);
    }

    private static HttpResponseMessage Answer(HttpStatusCode status, object body) =>
        new(status) { Content = JsonContent.Create(body) };
}
