using System.Net;
using System.Text;
using System.Text.Json;
using LaboratoryBench.Processes;
using Predictors.Data;
using Workshop.Figures;
using Workshop.Tests.Consensus;
using Workshop.Tests.Predictors;
using Workshop.Tests.Shop.Api.Description;
using Xunit;

namespace Workshop.Tests.ServiceDefaults.Inference;

/// <summary>
/// What predictors and the consensus answer is what the Open Inference Protocol v2 publishes, in
/// <c>open-inference-v2.json</c>.
/// </summary>
public sealed class ProtocolSchemaTests : IDisposable
{
    private static readonly JsonElement Protocol = JsonSerializer.Deserialize<JsonElement>(
        File.ReadAllText(
            Path.Combine(Repository.Root, "Workshop.Tests", "ServiceDefaults", "Inference", "open-inference-v2.json")
        )
    );

    private static readonly string[] Names = ["iris", "titanic", "housing"];

    private readonly string folder = TestFolders.Create("protocol");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_predictor_answers_as_the_protocol_publishes()
    {
        await using var predictor = await new PredictorServer("bayes", folder).Ready();

        await AssertAnswers(predictor.Client);
    }

    [Fact]
    public async Task The_consensus_answers_as_the_protocol_publishes()
    {
        await using var ann = await StubMember.Start(StubMember.Well);
        await using var fixture = new ConsensusFixture();
        using var insider = fixture.Insider();
        using var content = Json(JsonSerializer.Serialize(new { name = "ann", url = ann.Url }));
        using var joined = await insider.PostAsync(new Uri("/predictors", UriKind.Relative), content, Ct);
        joined.EnsureSuccessStatusCode();
        using var client = fixture.CreateClient();

        await AssertAnswers(client);
    }

    [Theory]
    [InlineData("inference", """{"model_name":"iris"}""")]
    [InlineData(
        "inference",
        """{"model_name":"iris","outputs":[{"name":"a","shape":[1],"datatype":"FP64","data":[null]}]}"""
    )]
    [InlineData(
        "inference",
        """{"model_name":"iris","outputs":[{"name":"a","shape":[1],"datatype":"DOUBLE","data":[1]}]}"""
    )]
    [InlineData("error", """{"detail":"No."}""")]
    public void What_the_protocol_does_not_allow_is_found(string schema, string answer) =>
        Assert.NotEmpty(Errors(schema, JsonSerializer.Deserialize<JsonElement>(answer)));

    private static async Task AssertAnswers(HttpClient client)
    {
        await AssertIs("server", await Get(client, "/v2"));
        await AssertIs("live", await Get(client, "/v2/health/live"));
        await AssertIs("live", await Get(client, "/v2/health/ready"));
        foreach (var network in Names)
        {
            foreach (var model in new[] { $"/v2/models/{network}", $"/v2/models/{network}/versions/1" })
            {
                await AssertIs("model", await Get(client, model));
                await AssertIs("modelReady", await Get(client, model + "/ready"));
                var flat = await AssertIs("inference", await Infer(client, model, Question(network, isNested: false)));
                var nested = await AssertIs("inference", await Infer(client, model, Question(network, isNested: true)));

                Assert.All(flat.GetProperty("outputs").EnumerateArray(), AssertFillsItsShape);
                Assert.Equal(
                    flat.GetProperty("outputs").GetRawText(),
                    nested.GetProperty("outputs").GetRawText(),
                    StringComparer.Ordinal
                );
            }
        }

        await AssertIs("error", await Get(client, "/v2/models/lottery"), HttpStatusCode.NotFound);
        await AssertIs("error", await Get(client, "/v2/models/iris/versions/2/ready"), HttpStatusCode.NotFound);
        await AssertIs("error", await Get(client, "/v2/nowhere"), HttpStatusCode.NotFound);
        foreach (var body in new[] { "{}", "{", """{"inputs":[]}""", """{"inputs":[null]}""", Mixed() })
        {
            await AssertIs("error", await Infer(client, "/v2/models/iris", body), HttpStatusCode.BadRequest);
        }
    }

    /// <summary>Two rows; numbers of one column are a shape of their own where they are nested.</summary>
    private static string Question(string network, bool isNested)
    {
        var shape = Networks.Find(network)!;
        var rows = DataSet.Load(shape).Rows.Where(row => !row.Any(double.IsNaN)).Take(2).ToArray();
        var question = JsonSerializer.Serialize(
            new
            {
                id = "mine",
                inputs = shape.Columns.Select(
                    (column, index) =>
                        new
                        {
                            name = column.Name,
                            shape = isNested ? [rows.Length, 1] : new[] { rows.Length },
                            datatype = column.HasLevels ? "BYTES" : "FP64",
                            data = rows.Select(row => column.HasLevels ? (object)column.Write(row[index]) : row[index])
                                .Select(value => isNested ? new[] { value } : value),
                        }
                ),
            }
        );
        Assert.Empty(Errors("request", JsonSerializer.Deserialize<JsonElement>(question)));
        return question;
    }

    /// <summary>Brackets that the shape does not have.</summary>
    private static string Mixed() =>
        Question("iris", isNested: true).Replace("\"shape\":[2,1]", "\"shape\":[2]", StringComparison.Ordinal);

    private static async Task<HttpResponseMessage> Get(HttpClient client, string path) =>
        await client.GetAsync(new Uri(path, UriKind.Relative), Ct);

    private static async Task<HttpResponseMessage> Infer(HttpClient client, string model, string body)
    {
        using var content = Json(body);
        return await client.PostAsync(new Uri(model + "/infer", UriKind.Relative), content, Ct);
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private static async Task<JsonElement> AssertIs(
        string schema,
        HttpResponseMessage response,
        HttpStatusCode status = HttpStatusCode.OK
    )
    {
        using (response)
        {
            var text = await response.Content.ReadAsStringAsync(Ct);
            Assert.True(response.StatusCode == status, $"{response.RequestMessage?.RequestUri}: {text}");
            var answer = JsonSerializer.Deserialize<JsonElement>(text);
            Assert.Empty(Errors(schema, answer));
            return answer;
        }
    }

    private static void AssertFillsItsShape(JsonElement tensor) =>
        Assert.Equal(
            tensor.GetProperty("shape").EnumerateArray().Aggregate(1, (product, size) => product * size.GetInt32()),
            tensor.GetProperty("data").GetArrayLength()
        );

    private static List<string> Errors(string schema, JsonElement answer) =>
        new SchemaCheck(Protocol).Errors(
            Protocol.GetProperty("components").GetProperty("schemas").GetProperty(schema),
            answer
        );
}
