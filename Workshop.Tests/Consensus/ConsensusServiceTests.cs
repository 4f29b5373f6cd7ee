using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LaboratoryBench.Processes;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Workshop.Tests.Consensus;

/// <summary>The service with members on real sockets, good and bad.</summary>
public sealed class ConsensusServiceTests
{
    [Fact]
    public async Task The_first_answers_are_the_plain_average_of_all_who_answer()
    {
        await using var ann = await StubMember.Says(0.9, 0.1, 0);
        await using var bob = await StubMember.Says(0.5, 0.25, 0.25);
        await using var fixture = new ConsensusFixture();
        await fixture.Register("ann", ann.Url);
        await fixture.Register("bob", bob.Url);
        var answer = await fixture.Get("/predict?" + ConsensusFixture.Setosa);
        var probabilities = answer
            .GetProperty("outputs")[1]
            .GetProperty("data")
            .EnumerateArray()
            .Select(part => part.GetDouble());

        Assert.Equal([0.7, 0.175, 0.125], probabilities);
        Assert.Equal("setosa", answer.GetProperty("parameters").GetProperty("prediction").GetString());
        Assert.Equal("average", answer.GetProperty("parameters").GetProperty("method").GetString());
        Assert.Equal(
            [("ann", 0.5), ("bob", 0.5)],
            answer
                .GetProperty("parameters")
                .GetProperty("contributors")
                .EnumerateArray()
                .Select(part => (part.GetProperty("name").GetString()!, part.GetProperty("weight").GetDouble()))
        );
    }

    public static TheoryData<string> Hostile =>
        ["late", "status", "redirect", "huge", "endless", "wrong", "truncated", "closed", "slow-body"];

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task A_hostile_member_is_absent_and_the_others_answer_within_the_deadline(string how)
    {
        await using var good = await StubMember.Says(0.9, 0.1, 0);
        await using var bad = await StubMember.StartOnceJoined(context => Misbehave(how, context, good.Url));
        await using var fixture = new ConsensusFixture();
        await fixture.Register("good", good.Url);
        await fixture.Register("zbad", bad.Url);
        bad.Begin();
        var began = TimeProvider.System.GetTimestamp();
        var answer = await fixture.Get("/predict?" + ConsensusFixture.Setosa);
        Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(30));
        var parameters = answer.GetProperty("parameters");

        Assert.Equal(
            "good",
            Assert.Single(parameters.GetProperty("contributors").EnumerateArray()).GetProperty("name").GetString()
        );
        Assert.Equal(1, parameters.GetProperty("contributors")[0].GetProperty("weight").GetDouble());
        var absent = Assert.Single(parameters.GetProperty("absent").EnumerateArray());
        Assert.Equal("zbad", absent.GetProperty("name").GetString());
        Assert.NotEmpty(absent.GetProperty("reason").GetString()!);
        // Where this process was late itself nothing is noted of the member.
        var noted = await Eventually.Gives(
            async () =>
            {
                await fixture.Get("/predict?" + ConsensusFixture.Setosa);
                return (await fixture.Get("/predictors/zbad")).GetProperty("lastMiss");
            },
            miss => miss.ValueKind is JsonValueKind.Object,
            TestContext.Current.CancellationToken
        );
        Assert.Equal(absent.GetProperty("reason").GetString(), noted.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task A_networks_metadata_is_enough_to_make_a_form_from()
    {
        await using var fixture = new ConsensusFixture();
        var iris = await fixture.Get("/v2/models/iris");
        var titanic = await fixture.Get("/v2/models/titanic");
        using var client = fixture.CreateClient();
        using var unknown = await client.GetAsync(new Uri("/v2/models/tulips", UriKind.Relative));
        var age = titanic.GetProperty("inputs").EnumerateArray().Single(input => IsNamed(input, "age"));
        var sex = titanic.GetProperty("inputs").EnumerateArray().Single(input => IsNamed(input, "sex"));

        Assert.Equal("sepalLength", iris.GetProperty("inputs")[0].GetProperty("name").GetString());
        Assert.Equal(
            3,
            iris.GetProperty("outputs")[1].GetProperty("parameters").GetProperty("labels").GetArrayLength()
        );
        Assert.True(age.GetProperty("parameters").GetProperty("optional").GetBoolean());
        Assert.Equal(2, sex.GetProperty("parameters").GetProperty("levels").GetArrayLength());
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);

        static bool IsNamed(JsonElement input, string name) => input.GetProperty("name").ValueEquals(name);
    }

    [Fact]
    public async Task A_ledger_is_read_from_beyond_its_end_as_nothing()
    {
        await using var fixture = new ConsensusFixture();
        foreach (var from in new[] { "9223372036854775807", "9223372036854775800", "5" })
        {
            Assert.Equal(
                0,
                (await fixture.Get($"/ledger?from={from}&limit=200")).GetProperty("recent").GetArrayLength()
            );
        }
    }

    [Fact]
    public async Task With_nobody_to_answer_the_service_says_so()
    {
        await using var fixture = new ConsensusFixture();
        using var client = fixture.CreateClient();
        using var predict = await client.GetAsync(new Uri("/predict?" + ConsensusFixture.Setosa, UriKind.Relative));
        using var batch = await client.PostAsJsonAsync("/iris/batches", new { });

        Assert.Equal(
            [HttpStatusCode.ServiceUnavailable, HttpStatusCode.ServiceUnavailable],
            [predict.StatusCode, batch.StatusCode]
        );
    }

    [Theory]
    [InlineData("", "sepalLength,sepalWidth,petalLength,petalWidth")]
    [InlineData(ConsensusFixture.Setosa + "&colour=blue", "colour")]
    [InlineData(ConsensusFixture.Setosa + "&petalWidth=1", "petalWidth")]
    [InlineData("sepallength=5.1&sepalWidth=3.5&petalLength=1.4&petalWidth=0.2", "sepalLength,sepallength")]
    [InlineData("sepalLength=NaN&sepalWidth=&petalLength=1,4&petalWidth=0.2", "petalLength,sepalLength,sepalWidth")]
    [InlineData("sepalLength=5.1%00&sepalWidth=3.5&petalLength=1.4&petalWidth=0.2", "sepalLength")]
    [InlineData("sepalLength=1e9&sepalWidth=3.5&petalLength=1.4&petalWidth=0.2", "sepalLength")]
    public async Task Every_bad_argument_is_named(string query, string names)
    {
        await using var fixture = new ConsensusFixture();
        using var client = fixture.CreateClient();
        using var response = await client.GetAsync(new Uri("/iris/predict?" + query, UriKind.Relative));
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        var named = problem.GetProperty("errors").EnumerateObject().Select(error => error.Name);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(names.Split(',').Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));
        Assert.All(
            names.Split(','),
            name => Assert.Contains($"{name}: ", problem.GetProperty("detail").GetString(), StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("/weather/predict?" + ConsensusFixture.Setosa)]
    [InlineData("/weather/batches")]
    [InlineData("/weather/batches/0")]
    [InlineData("/v2/models/weather")]
    public async Task A_network_that_is_none_is_answered_with_those_there_are(string path)
    {
        await using var fixture = new ConsensusFixture();
        using var client = fixture.CreateClient();
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative));
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal(
            "There is no network 'weather'. Networks: iris, titanic, housing.",
            problem.GetProperty("detail").GetString()
        );
    }

    [Fact]
    public async Task A_batch_asks_all_rows_hides_gold_among_them_and_is_found_again()
    {
        await using var ann = await StubMember.Says(0.9, 0.1, 0);
        await using var bob = await StubMember.Says(0.8, 0.1, 0.1);
        await using var fixture = new ConsensusFixture();
        await fixture.Register("ann", ann.Url);
        await fixture.Register("bob", bob.Url);
        using var client = fixture.CreateClient();
        var row = new
        {
            sepalLength = 5.1,
            sepalWidth = 3.5,
            petalLength = 1.4,
            petalWidth = 0.2,
        };
        using var created = await client.PostAsJsonAsync("/iris/batches", new { rows = new[] { row, row }, size = 20 });
        using var tooSmall = await client.PostAsJsonAsync("/iris/batches", new { rows = new[] { row, row }, size = 1 });
        using var wrong = await client.PostAsJsonAsync(
            "/iris/batches",
            new { rows = new[] { new { sepalLength = 5.1 } } }
        );
        using var none = await client.PostAsJsonAsync("/iris/batches", new { rows = new object?[] { null } });
        var batch = await fixture.Get(created.Headers.Location!.ToString());

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal(
            [HttpStatusCode.BadRequest, HttpStatusCode.BadRequest, HttpStatusCode.BadRequest],
            [tooSmall.StatusCode, wrong.StatusCode, none.StatusCode]
        );
        Assert.Equal(20, batch.GetProperty("rows").GetArrayLength());
        Assert.Equal(
            2,
            batch.GetProperty("rows").EnumerateArray().Count(entry => entry.GetProperty("gold").GetBoolean())
        );
        Assert.Equal(20, batch.GetProperty("members")[0].GetProperty("answered").GetInt32());
        Assert.True((await fixture.Get("/ledger/verify")).GetProperty("valid").GetBoolean());
    }

    [Fact]
    public async Task Single_queries_are_gathered_into_a_batch_with_gold_rows_that_nobody_asked_for()
    {
        await using var ann = await StubMember.Says(0.9, 0.1, 0);
        await using var fixture = new ConsensusFixture().With("Consensus:GatherTime", "00:00:00.200");
        await fixture.Register("ann", ann.Url);
        for (var query = 0; query < 5; query++)
        {
            await fixture.Get("/predict?" + ConsensusFixture.Setosa);
        }

        var list = await Eventually.Gives(
            () => fixture.Get("/iris/batches"),
            found => found.GetProperty("count").GetInt64() > 0,
            TestContext.Current.CancellationToken
        );
        var batch = list.GetProperty("batches").EnumerateArray().First();

        Assert.True(batch.GetProperty("gold").GetInt32() > 0);
    }

    [Fact]
    public async Task Money_survives_a_restart_and_a_changed_ledger_stops_the_service()
    {
        await using var ann = await StubMember.Says(0.9, 0.1, 0);
        var keep = Directory.CreateTempSubdirectory("workshop-consensus-");
        string before;
        await using (var fixture = new ConsensusFixture().With("Workshop:DataDirectory", keep.FullName))
        {
            await fixture.Register("ann", ann.Url);
            before = (await fixture.Get("/ledger")).GetProperty("accounts").GetRawText();
        }

        await using (var again = new ConsensusFixture().With("Workshop:DataDirectory", keep.FullName))
        {
            Assert.Equal(before, (await again.Get("/ledger")).GetProperty("accounts").GetRawText());
        }

        var path = Path.Combine(keep.FullName, "ledger.jsonl");
        await File.WriteAllTextAsync(
            path,
            (await File.ReadAllTextAsync(path)).Replace("\"ann\"", "\"eve\"", StringComparison.Ordinal)
        );
        using var service = Process.Start(Service(keep.FullName))!;
        var said = await service.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await service.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(3, service.ExitCode);
        Assert.Contains("Block 5: The hash is not that of the content", said, StringComparison.Ordinal);
        keep.Delete(recursive: true);
    }

    private static ProcessStartInfo Service(string directory) =>
        new("dotnet", [typeof(global::Consensus.ConsensusOptions).Assembly.Location])
        {
            RedirectStandardError = true,
            UseShellExecute = false,
            Environment = { ["Workshop__DataDirectory"] = directory, ["ASPNETCORE_URLS"] = "http://127.0.0.1:0" },
        };

    private static async Task Misbehave(string how, HttpContext context, string elsewhere)
    {
        switch (how)
        {
            case "late":
                await Task.Delay(TimeSpan.FromMinutes(1), context.RequestAborted);
                break;
            case "status":
                context.Response.StatusCode = 500;
                break;
            case "redirect":
                context.Response.Redirect(elsewhere + context.Request.Path + context.Request.QueryString);
                break;
            case "huge":
                await context.Response.WriteAsync(StubMember.Iris(0.9, 0.1, 0) + new string(' ', 100_000));
                break;
            case "endless":
                while (!context.RequestAborted.IsCancellationRequested)
                {
                    await context.Response.WriteAsync("                        ", context.RequestAborted);
                }

                break;
            case "wrong":
                await context.Response.WriteAsync(StubMember.Iris(0.9, 0.9, 0.9));
                break;
            case "truncated":
                await context.Response.WriteAsync(StubMember.Iris(0.9, 0.1, 0)[..50]);
                break;
            case "closed":
                context.Abort();
                break;
            default:
                await context.Response.WriteAsync("{", context.RequestAborted);
                await Task.Delay(TimeSpan.FromMinutes(1), context.RequestAborted);
                break;
        }
    }
}
