using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Consensus.Clients;
using LaboratoryBench.Processes;
using Microsoft.AspNetCore.Http;
using Workshop.ServiceDefaults.Tokens;
using Xunit;

namespace Workshop.Tests.Consensus.Members;

public sealed class RegistrationTests
{
    private const string Good = "{\"name\":\"ann\",\"url\":\"http://127.0.0.1:9\"}";

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer wrong")]
    [InlineData("Basic a token for tests")]
    [InlineData("Bearer")]
    public async Task Without_a_token_nobody_registers_or_leaves(string? authorization)
    {
        await using var fixture = new ConsensusFixture();
        using var client = fixture.CreateClient();
        if (authorization is not null)
        {
            client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization);
        }

        using var join = await client.PostAsync(new Uri("/predictors", UriKind.Relative), Json(Good));
        using var leave = await client.DeleteAsync(new Uri("/predictors/ann", UriKind.Relative));

        Assert.Equal([HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized], [join.StatusCode, leave.StatusCode]);
        Assert.Equal("application/problem+json", join.Content.Headers.ContentType?.MediaType);
        Assert.Empty((await fixture.Get("/predictors")).EnumerateArray());
    }

    [Theory]
    [InlineData("DELETE", "/predictors/ann", "{}")]
    [InlineData("PATCH", "/predictors/ann", "{\"url\":\"http://127.0.0.1:9\"}")]
    [InlineData("POST", "/iris/batches", "{}")]
    public async Task Wrong_tokens_are_counted_where_the_route_itself_asks_for_one(
        string method,
        string path,
        string body
    )
    {
        await using var fixture = new ConsensusFixture();
        using var liar = fixture.Holder("wrong");
        using var operators = fixture.Insider();
        for (var attempt = 0; attempt < WrongTokens.Allowed; attempt++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await Send(liar));
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, await Send(liar));
        Assert.NotEqual(HttpStatusCode.TooManyRequests, await Send(operators));

        async Task<HttpStatusCode> Send(HttpClient client)
        {
            using var request = new HttpRequestMessage(new(method), new Uri(path, UriKind.Relative))
            {
                Content = Json(body),
                // Not from this machine, where a batch needs no token.
                Headers = { { "X-Forwarded-For", "192.0.2.1" } },
            };
            using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task The_join_token_admits_a_member_and_opens_nothing_else()
    {
        await using var stub = await StubMember.Start(StubMember.Well);
        await using var fixture = new ConsensusFixture();
        using var client = fixture.Joiner();
        using var join = await client.PostAsync(new Uri("/predictors", UriKind.Relative), Json(At(stub)));
        using var leave = await client.DeleteAsync(new Uri("/predictors/ann", UriKind.Relative));

        Assert.Equal([HttpStatusCode.Created, HttpStatusCode.Forbidden], [join.StatusCode, leave.StatusCode]);
        Assert.Equal("application/problem+json", leave.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("{\"name\":\"\",\"url\":\"http://127.0.0.1:9\"}", "name")]
    [InlineData("{\"name\":\"a b\",\"url\":\"http://127.0.0.1:9\"}", "name")]
    [InlineData("{\"name\":\"../x\",\"url\":\"http://127.0.0.1:9\"}", "name")]
    [InlineData("{\"name\":\"a\",\"url\":\"ftp://127.0.0.1/\"}", "url")]
    [InlineData("{\"name\":\"a\",\"url\":\"file:///etc/passwd\"}", "url")]
    [InlineData("{\"name\":\"a\",\"url\":\"/relative\"}", "url")]
    [InlineData("{\"name\":\"a\",\"url\":\"http://u:p@127.0.0.1:9\"}", "url")]
    [InlineData("{\"name\":\"a\",\"url\":\"http://169.254.169.254/latest\"}", "url")]
    [InlineData("{\"name\":\"a\",\"url\":\"http://10.0.0.1\"}", "url")]
    [InlineData("{\"name\":\"a\",\"url\":\"http://192.168.1.1\"}", "url")]
    [InlineData("{\"name\":\"a\",\"url\":\"http://[fe80::1]\"}", "url")]
    [InlineData("{\"name\":\"a\",\"url\":\"http://0.0.0.0:80\"}", "url")]
    [InlineData("{\"name\":\"a\",\"url\":\"http://127.0.0.1:9\",\"deposit\":999.99}", "deposit")]
    [InlineData("{\"name\":\"a\",\"url\":\"http://127.0.0.1:9\",\"deposit\":1000.001}", "deposit")]
    [InlineData("{\"name\":\"a\",\"url\":\"http://127.0.0.1:9\",\"deposit\":-1}", "deposit")]
    [InlineData("{\"name\":\"a\",\"url\":\"http://127.0.0.1:9\",\"networks\":[]}", "networks")]
    [InlineData("{\"name\":\"a\",\"url\":\"http://127.0.0.1:9\",\"networks\":[\"iris\",\"iris\"]}", "networks")]
    [InlineData("{\"name\":\"a\",\"url\":\"http://127.0.0.1:9\",\"networks\":[\"weather\"]}", "networks")]
    [InlineData("{\"name\":\"a\",\"url\":\"http://127.0.0.1:9\",\"declaredAccuracy\":1.1}", "declaredAccuracy")]
    [InlineData("{\"name\":\"a\",\"url\":\"http://127.0.0.1:9\",\"declaredAccuracy\":0.1}", "declaredAccuracy")]
    [InlineData("{\"name\":\"a\",\"url\":\"http://127.0.0.1:9\",\"declaredAccuracy\":\"high\"}", "declaredAccuracy")]
    [InlineData(
        "{\"name\":\"a\",\"url\":\"http://127.0.0.1:9\",\"declaredAccuracy\":{\"irs\":0.9}}",
        "declaredAccuracy"
    )]
    [InlineData("{\"name\":\"a\",\"url\":\"http://127.0.0.1:9\",\"protocol\":\"soap\"}", "protocol")]
    public async Task What_is_wrong_with_a_registration_is_named(string body, string member)
    {
        await using var fixture = new ConsensusFixture();
        using var client = fixture.Insider();
        using var response = await client.PostAsync(new Uri("/predictors", UriKind.Relative), Json(body));
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(member, Assert.Single(problem.GetProperty("errors").EnumerateObject()).Name);
        Assert.Empty((await fixture.Get("/predictors")).EnumerateArray());
    }

    [Fact]
    public async Task A_deposit_beyond_reason_is_refused_with_both_bounds()
    {
        await using var fixture = new ConsensusFixture();
        using var client = fixture.Insider();
        using var response = await client.PostAsync(
            new Uri("/predictors", UriKind.Relative),
            Json("{\"name\":\"a\",\"url\":\"http://127.0.0.1:9\",\"deposit\":200000000}")
        );

        Assert.Contains(
            "from 1000.00 to 100000000.00 euros",
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_name_is_taken_once_and_for_all_and_so_is_one_that_looks_like_it()
    {
        await using var stub = await StubMember.Start(StubMember.Well);
        await using var other = await StubMember.Start(StubMember.Well);
        await using var fixture = new ConsensusFixture();
        using var client = fixture.Insider();
        using var first = await client.PostAsync(new Uri("/predictors", UriKind.Relative), Json(At(stub)));
        using var second = await client.PostAsync(new Uri("/predictors", UriKind.Relative), Json(At(other)));
        using var leave = await client.DeleteAsync(new Uri("/predictors/ann", UriKind.Relative));
        using var third = await client.PostAsync(new Uri("/predictors", UriKind.Relative), Json(At(other, "Ann")));
        using var nobody = await client.DeleteAsync(new Uri("/predictors/bob", UriKind.Relative));

        Assert.Equal(
            [
                HttpStatusCode.Created,
                HttpStatusCode.Conflict,
                HttpStatusCode.OK,
                HttpStatusCode.Conflict,
                HttpStatusCode.NotFound,
            ],
            [first.StatusCode, second.StatusCode, leave.StatusCode, third.StatusCode, nobody.StatusCode]
        );
    }

    [Fact]
    public async Task A_member_leaves_by_its_own_token_which_is_told_once()
    {
        await using var stub = await StubMember.Start(StubMember.Well);
        await using var other = await StubMember.Start(StubMember.Well);
        await using var fixture = new ConsensusFixture();
        using var client = fixture.Joiner();
        var own = await TokenOf(client, At(stub));
        var others = await TokenOf(client, At(other, "bob"));
        using var stranger = fixture.Holder(others);
        using var member = fixture.Holder(own);
        using var refused = await stranger.DeleteAsync(new Uri("/predictors/ann", UriKind.Relative));
        using var left = await member.DeleteAsync(new Uri("/predictors/ann", UriKind.Relative));
        using var again = await member.DeleteAsync(new Uri("/predictors/ann", UriKind.Relative));

        Assert.Equal(
            [HttpStatusCode.Unauthorized, HttpStatusCode.OK, HttpStatusCode.OK],
            [refused.StatusCode, left.StatusCode, again.StatusCode]
        );
        Assert.Equal("exiting", (await fixture.Get("/predictors/ann")).GetProperty("state").GetString());
        Assert.False((await fixture.Get("/predictors/ann")).TryGetProperty("memberToken", out _));
    }

    [Theory]
    [InlineData("{\"prediction\": \"setosa\"}")]
    [InlineData("<html>hello</html>")]
    [InlineData("")]
    public async Task What_does_not_answer_its_first_row_is_told_what_came_back_and_what_is_right(string answer)
    {
        await using var stub = await StubMember.Start(context => context.Response.WriteAsync(answer));
        await using var fixture = new ConsensusFixture();
        using var client = fixture.Joiner();
        using var response = await client.PostAsync(new Uri("/predictors", UriKind.Relative), Json(At(stub)));
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        var detail = problem.GetProperty("detail").GetString()!;

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Contains(
            $"200 with {(answer.Length == 0 ? "an empty body" : $"'{answer}'")}",
            detail,
            StringComparison.Ordinal
        );
        Assert.Contains("Right is, for example: {\"outputs\":[", detail, StringComparison.Ordinal);
        Assert.Empty((await fixture.Get("/predictors")).EnumerateArray());
    }

    [Fact]
    public async Task A_member_is_shown_with_its_money_to_two_decimals_and_its_claim_from_its_own_evaluation()
    {
        await using var stub = await StubMember.Offers(context =>
            context.Response.WriteAsync(
                "{\"networks\":{\"iris\":{\"accuracy\":{\"value\":0.91}},\"housing\":{\"within20Percent\":{\"value\":0.83}}}}"
            )
        );
        await using var fixture = new ConsensusFixture();
        using var client = fixture.Insider();
        using var response = await client.PostAsync(
            new Uri("/predictors", UriKind.Relative),
            Json($"{{\"name\":\"ann\",\"url\":\"{stub.Url}\",\"deposit\":1500.5}}")
        );
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var member = await fixture.Get("/predictors/ann");

        Assert.Contains("\"balance\":4501.50", text, StringComparison.Ordinal);
        Assert.Equal("registered", member.GetProperty("history")[0].GetProperty("what").GetString());
        Assert.Equal(
            [0.83, 0.91, 0.75],
            member
                .GetProperty("memberships")
                .EnumerateArray()
                .Select(part => part.GetProperty("declaredAccuracy").GetDouble())
        );
    }

    [Fact]
    public async Task A_member_that_still_computes_its_evaluation_joins_at_once_and_its_claim_follows()
    {
        var isComputed = false;
        await using var stub = await StubMember.Offers(context =>
        {
            if (!Volatile.Read(ref isComputed))
            {
                context.Response.StatusCode = 503;
                return Task.CompletedTask;
            }

            return context.Response.WriteAsync(
                "{\"networks\":{\"iris\":{\"accuracy\":{\"value\":0.91}},\"titanic\":{\"accuracy\":{\"value\":0.62}}}}"
            );
        });
        await using var fixture = new ConsensusFixture();
        using var client = fixture.Insider();
        using var response = await client.PostAsync(
            new Uri("/predictors", UriKind.Relative),
            Json(
                $"{{\"name\":\"ann\",\"url\":\"{stub.Url}\",\"networks\":[\"iris\",\"titanic\"],\"declaredAccuracy\":{{\"iris\":0.8}}}}"
            )
        );
        var early = Claims(await fixture.Get("/predictors/ann"));
        Volatile.Write(ref isComputed, true);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        JsonElement member;
        while ((member = await fixture.Get("/predictors/ann")).GetProperty("history").GetArrayLength() < 2)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), patience.Token);
        }

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        // What was declared stands; what was left open is bet on where everybody starts, and then on the evaluation.
        Assert.Equal([0.8, 0.75], early);
        Assert.Equal([0.8, 0.62], Claims(member));
        Assert.Equal("declared", member.GetProperty("history")[0].GetProperty("what").GetString());
        Assert.True((await fixture.Get("/ledger/verify")).GetProperty("valid").GetBoolean());
    }

    [Fact]
    public void A_name_that_cannot_be_resolved_is_the_addresss_fault_and_not_ours()
    {
        var unknown = new SocketException((int)SocketError.HostNotFound);

        Assert.Contains(
            "resolved",
            PredictorTransport.Refusal(new HttpRequestException("", unknown)),
            StringComparison.Ordinal
        );
        Assert.Contains("resolved", PredictorTransport.Refusal(unknown), StringComparison.Ordinal);
        Assert.Null(PredictorTransport.Refusal(new SocketException((int)SocketError.ConnectionRefused)));
    }

    private static double[] Claims(JsonElement member) =>
        [
            .. member
                .GetProperty("memberships")
                .EnumerateArray()
                .Select(part => part.GetProperty("declaredAccuracy").GetDouble()),
        ];

    private static string At(StubMember stub, string name = "ann") => $"{{\"name\":\"{name}\",\"url\":\"{stub.Url}\"}}";

    private static async Task<string> TokenOf(HttpClient client, string body)
    {
        using var response = await client.PostAsync(new Uri("/predictors", UriKind.Relative), Json(body));
        var member = await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        return member.GetProperty("memberToken").GetString()!;
    }

    private static StringContent Json(string body) =>
        new(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
}
