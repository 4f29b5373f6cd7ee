using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LaboratoryBench.Processes;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Workshop.Tests.Consensus.Predict;

/// <summary>The consensus as a model of the Open Inference Protocol v2.</summary>
public sealed class ProtocolTests
{
    private static readonly string[] Columns = ["sepalLength", "sepalWidth", "petalLength", "petalWidth"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rows_are_answered_in_the_protocols_form_by_all_members_and_with_the_id_that_came()
    {
        await using var ann = await StubMember.Start(StubMember.Well);
        await using var fixture = new ConsensusFixture();
        await fixture.Register("ann", ann.Url, "v2");
        using var client = fixture.CreateClient();
        using var response = await client.PostAsJsonAsync("/v2/models/iris/infer", Question(2), Ct);
        using var versioned = await client.PostAsJsonAsync("/v2/models/iris/versions/1/infer", Question(1), Ct);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(Ct);
        var outputs = answer.GetProperty("outputs");

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK], [response.StatusCode, versioned.StatusCode]);
        Assert.Equal("iris", answer.GetProperty("model_name").GetString());
        Assert.Equal("1", answer.GetProperty("model_version").GetString());
        Assert.Equal("mine", answer.GetProperty("id").GetString());
        Assert.Equal("BYTES", outputs[0].GetProperty("datatype").GetString());
        Assert.Equal([2], outputs[0].GetProperty("shape").Deserialize<int[]>()!);
        Assert.Equal("setosa", outputs[0].GetProperty("data")[1].GetString());
        Assert.Equal([2, 3], outputs[1].GetProperty("shape").Deserialize<int[]>()!);
        Assert.Equal(6, outputs[1].GetProperty("data").GetArrayLength());
        // A batch is for scoring; an inference is none.
        Assert.Equal(0, (await fixture.Get("/iris/batches")).GetProperty("count").GetInt64());
    }

    [Fact]
    public async Task Rows_that_a_slow_member_has_not_answered_in_time_are_answered_by_the_others()
    {
        const int rows = 100;
        const int inTime = 20;
        var time = new FakeTimeProvider();
        await using var ann = await StubMember.Start(StubMember.Well);
        StubMember? slow = null;
        await using var bob = slow = await StubMember.StartOnceJoined(async context =>
        {
            if (Volatile.Read(ref slow!.Asked) == inTime)
            {
                // The other has all rows in one question, and its answer must be there before the time is over.
                while (Volatile.Read(ref ann.Asked) == 0)
                {
                    await Task.Delay(10, Ct);
                }

                await Task.Delay(TimeSpan.FromSeconds(1), Ct);
                time.Advance(TimeSpan.FromSeconds(5));
            }

            await StubMember.Well(context);
        });
        await using var fixture = new ConsensusFixture()
            .By(time)
            .With("Consensus:MemberDeadline", "00:00:20")
            .With("Consensus:RequestsInFlightPerMember", "1");
        await fixture.Register("ann", ann.Url, "v2");
        await fixture.Register("bob", bob.Url);
        bob.Begin();
        using var client = fixture.CreateClient();

        using var response = await client.PostAsJsonAsync("/v2/models/iris/infer", Question(rows), Ct);

        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(Ct);
        Assert.Equal(rows, answer.GetProperty("outputs")[0].GetProperty("data").GetArrayLength());
        Assert.Equal(inTime, bob.Asked);
    }

    [Theory]
    [InlineData("/v2", "name")]
    [InlineData("/v2/health/live", "live")]
    [InlineData("/v2/health/ready", "ready")]
    [InlineData("/v2/models/iris", "inputs")]
    [InlineData("/v2/models/iris/versions/1", "platform")]
    [InlineData("/v2/models/iris/ready", "ready")]
    [InlineData("/v2/models/iris/versions/1/ready", "ready")]
    public async Task The_protocols_own_routes_answer(string path, string member)
    {
        await using var ann = await StubMember.Start(StubMember.Well);
        await using var fixture = new ConsensusFixture();
        using var insider = fixture.Insider();
        using var joined = await insider.PostAsJsonAsync("/predictors", new { name = "ann", url = ann.Url }, Ct);

        Assert.True((await fixture.Get(path)).TryGetProperty(member, out _));
    }

    [Theory]
    [InlineData("/v2/models/iris/versions/2")]
    [InlineData("/v2/models/tulips/ready")]
    public async Task What_is_not_there_is_a_problem_with_the_protocols_error_beside(string path)
    {
        await using var fixture = new ConsensusFixture();
        using var client = fixture.CreateClient();
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative), Ct);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(Ct);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal(problem.GetProperty("detail").GetString(), problem.GetProperty("error").GetString());
    }

    [Fact]
    public async Task Without_members_a_model_is_not_ready_and_infers_nothing()
    {
        await using var fixture = new ConsensusFixture();
        using var client = fixture.CreateClient();
        using var ready = await client.GetAsync(new Uri("/v2/models/iris/ready", UriKind.Relative), Ct);
        using var infer = await client.PostAsJsonAsync("/v2/models/iris/infer", Question(1), Ct);

        Assert.Equal(
            [HttpStatusCode.ServiceUnavailable, HttpStatusCode.ServiceUnavailable],
            [ready.StatusCode, infer.StatusCode]
        );
    }

    [Theory]
    [InlineData("""{"inputs":[null]}""", "inputs[0]")]
    [InlineData("""{"inputs":[]}""", "inputs[0].shape")]
    [InlineData("""{"inputs":[{"name":"colour","shape":[1],"datatype":"FP64","data":[1]}]}""", "inputs[0].name")]
    [InlineData(
        """{"inputs":[{"name":"sepalLength","shape":[1],"datatype":"FP64","data":[1]}]}""",
        "inputs.sepalWidth"
    )]
    [InlineData(
        """{"inputs":[{"name":"sepalLength","shape":[1],"datatype":"BYTES","data":["1"]}]}""",
        "inputs[0].datatype"
    )]
    [InlineData("""{"inputs":[{"name":"sepalLength","shape":[2],"datatype":"FP64","data":[1]}]}""", "inputs[0].data")]
    public async Task What_is_wrong_with_a_request_is_named(string body, string member)
    {
        await using var fixture = new ConsensusFixture();
        using var client = fixture.CreateClient();
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await client.PostAsync(new Uri("/v2/models/iris/infer", UriKind.Relative), content, Ct);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(Ct);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.True(problem.GetProperty("errors").TryGetProperty(member, out _), problem.GetRawText());
        Assert.True(problem.TryGetProperty("error", out _));
    }

    private static object Question(int rows) =>
        new
        {
            id = "mine",
            inputs = Columns.Select(name => new
            {
                name,
                shape = new[] { rows },
                datatype = "FP64",
                data = Enumerable.Repeat(1.4, rows).ToArray(),
            }),
        };
}
