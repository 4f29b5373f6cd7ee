using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using LaboratoryBench.Processes;
using Predictors.Data;
using Xunit;

namespace Workshop.Tests.Predictors.Predict;

/// <summary>All routes of a real predictor over HTTP.</summary>
public sealed class PredictRoutesTests : IAsyncLifetime
{
    private const string Iris = "sepalLength=5.1&sepalWidth=3.5&petalLength=1.4&petalWidth=0.2";

    private const string Titanic =
        "passengerClass=3&sex=male&age=&siblingsSpouses=0&parentsChildren=0&fare=7.2&embarked=&title=Mr&cabinKnown=false";

    private readonly string folder = TestFolders.Create("predict-routes");

    private PredictorServer server = null!;

    public async ValueTask InitializeAsync() => server = await new PredictorServer("bayes", folder).Ready();

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("/predict?" + Iris, "iris")]
    [InlineData("/iris/predict?" + Iris, "iris")]
    [InlineData("/titanic/predict?" + Titanic, "titanic")]
    public async Task A_class_is_answered_in_the_protocols_format(string address, string network)
    {
        var labels = Networks.Find(network)!.Labels;
        var answer = await Get(address);
        var (label, probabilities) = (answer.GetProperty("outputs")[0], answer.GetProperty("outputs")[1]);
        var numbers = probabilities.GetProperty("data").Deserialize<double[]>()!;
        var parameters = answer.GetProperty("parameters");

        Assert.Equal(network, answer.GetProperty("model_name").GetString());
        Assert.Equal("1", answer.GetProperty("model_version").GetString());
        Assert.Equal(7, Guid.Parse(answer.GetProperty("id").GetString()!).Version);
        Assert.Equal("bayes", parameters.GetProperty("predictor").GetString());
        Assert.Equal(labels[Array.IndexOf(numbers, numbers.Max())], parameters.GetProperty("prediction").GetString());
        Assert.Equal(numbers.Max(), parameters.GetProperty("confidence").GetDouble());
        Assert.Equal("""{"name":"label","shape":[1],"datatype":"BYTES"}""", Without(label, "data"));
        Assert.Equal(
            $$"""{"name":"probabilities","shape":[1,{{labels.Length}}],"datatype":"FP64"}""",
            Without(probabilities, "data", "parameters")
        );
        Assert.Equal(
            labels.AsEnumerable(),
            probabilities.GetProperty("parameters").GetProperty("labels").Deserialize<string[]>()!,
            StringComparer.Ordinal
        );
        Assert.Equal(1, numbers.Sum(), 1e-9);
    }

    [Fact]
    public async Task A_price_is_answered_as_the_one_output_value()
    {
        var rows = DataSet.Load(Networks.Housing);
        var answer = await Get("/housing/predict?" + Query(Networks.Housing, rows.Rows[0]));
        var value = answer.GetProperty("outputs")[0];

        Assert.Equal("""{"name":"value","shape":[1],"datatype":"FP64"}""", Without(value, "data"));
        Assert.InRange(value.GetProperty("data")[0].GetDouble(), 100_000, 250_000);
        Assert.Equal(
            value.GetProperty("data")[0].GetDouble(),
            answer.GetProperty("parameters").GetProperty("prediction").GetDouble()
        );
    }

    [Theory]
    [InlineData("/predict", "sepalLength", "sepalWidth", "petalLength", "petalWidth")]
    [InlineData("/predict?" + Iris + "&petalWidth=0.2", "petalWidth")]
    [InlineData("/predict?" + Iris + "&colour=blue&size=3", "colour", "size")]
    [InlineData(
        "/predict?sepalLength=NaN&sepalWidth=1e400&petalLength=-1&petalWidth=abc",
        "sepalLength",
        "sepalWidth",
        "petalLength",
        "petalWidth"
    )]
    [InlineData("/predict?SepalLength=5.1&sepalWidth=3.5&petalLength=1.4&petalWidth=0.2", "SepalLength", "sepalLength")]
    [InlineData("/titanic/predict?" + Titanic + "&sex=female", "sex")]
    public async Task Bad_arguments_are_refused_by_name(string address, params string[] names)
    {
        using var response = await server.Client.GetAsync(new Uri(address, UriKind.Relative));
        var problem = await Problem(response, HttpStatusCode.BadRequest);

        Assert.Equal(
            names.Order(StringComparer.Ordinal),
            problem.GetProperty("errors").EnumerateObject().Select(error => error.Name).Order(StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData("/lottery/predict")]
    [InlineData("/Iris/predict?" + Iris)]
    [InlineData("/v2/models/lottery")]
    [InlineData("/v2/models/lottery/ready")]
    [InlineData("/nothing")]
    public async Task An_unknown_network_is_not_found(string address)
    {
        using var response = await server.Client.GetAsync(new Uri(address, UriKind.Relative));
        await Problem(response, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_batch_is_answered_as_its_rows_one_by_one()
    {
        foreach (var network in Networks.All)
        {
            var rows = DataSet.Load(network).Rows.Take(40).ToArray();
            var batch = await Infer(network.Name, Request(network, rows));
            var name = network.IsClassification ? "probabilities" : "value";
            var numbers = Output(batch, name).Chunk(network.OutputCount).ToArray();

            Assert.Equal(rows.Length, numbers.Length);
            for (var row = 0; row < rows.Length; row++)
            {
                var one = await Get($"/{network.Name}/predict?" + Query(network, rows[row]));
                Assert.Equal(Output(one, name), numbers[row]);
            }
        }
    }

    [Fact]
    public async Task The_largest_batch_is_answered_and_one_row_more_is_refused()
    {
        var row = DataSet.Load(Networks.Housing).Rows[0];
        var answer = await Infer("housing", Request(Networks.Housing, [.. Enumerable.Repeat(row, 1000)]));
        Assert.Equal(1000, Output(answer, "value").Length);

        using var response = await Post("housing", Request(Networks.Housing, [.. Enumerable.Repeat(row, 1001)]));
        var problem = await Problem(response, HttpStatusCode.BadRequest);
        Assert.True(problem.GetProperty("errors").TryGetProperty("inputs[0].shape", out _));
    }

    [Fact]
    public async Task An_inference_keeps_its_id_and_gives_only_the_outputs_wanted()
    {
        var body = Request(
                Networks.Iris,
                [
                    [5.1, 3.5, 1.4, 0.2],
                ]
            )
            .Replace(
                "{\"inputs\"",
                "{\"id\":\"abc\",\"outputs\":[{\"name\":\"label\"}],\"inputs\"",
                StringComparison.Ordinal
            );
        var answer = await Infer("iris", body);

        Assert.Equal("abc", answer.GetProperty("id").GetString());
        Assert.Equal("label", answer.GetProperty("outputs").EnumerateArray().Single().GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("""{"inputs":[]}""", "inputs[0].shape")]
    [InlineData("""{"inputs":[{"name":"sepalLength","shape":[0],"datatype":"FP64","data":[]}]}""", "inputs[0].shape")]
    [InlineData("""{"inputs":[{"name":"sepalLength","shape":[-1],"datatype":"FP64","data":[]}]}""", "inputs[0].shape")]
    [InlineData(
        """{"inputs":[{"name":"sepalLength","shape":[1],"datatype":"BYTES","data":["5"]}]}""",
        "inputs[0].datatype"
    )]
    [InlineData("""{"inputs":[{"name":"sepalLength","shape":[1],"datatype":"FP64","data":[5,6]}]}""", "inputs[0].data")]
    [InlineData("""{"inputs":[{"name":"sepalLength","shape":[1],"datatype":"FP64","data":5}]}""", "inputs[0].data")]
    [InlineData(
        """{"inputs":[{"name":"sepalLength","shape":[1],"datatype":"FP64","data":[null]}]}""",
        "inputs[0].data[0]"
    )]
    [InlineData(
        """{"inputs":[{"name":"sepalLength","shape":[1],"datatype":"FP64","data":[1e400]}]}""",
        "inputs[0].data[0]"
    )]
    [InlineData("""{"inputs":[{"name":"smell","shape":[1],"datatype":"FP64","data":[1]}]}""", "inputs[0].name")]
    [InlineData(
        """{"inputs":[{"name":"sepalLength","shape":[1],"datatype":"FP64","data":[1]}]}""",
        "inputs.petalWidth"
    )]
    [InlineData("""{"inputs":[{"name":"sepalLength","shape":[1]}]}""", "inputs[0].datatype")]
    public async Task Bad_tensors_are_refused_by_member(string body, string member)
    {
        using var response = await Post("iris", body);
        var problem = await Problem(response, HttpStatusCode.BadRequest);

        Assert.True(problem.GetProperty("errors").TryGetProperty(member, out _), problem.GetRawText());
    }

    [Fact]
    public async Task A_body_beyond_the_limit_is_refused()
    {
        // The answer comes before the body: a client that sends it all the same may find nobody who reads it.
        using var client = new HttpClient(
            new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromMinutes(1) }
        );
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{server.Address}/v2/models/iris/infer")
        {
            Headers = { ExpectContinue = true },
            Content = new StringContent(new string(' ', 3 * 1024 * 1024) + "{}", Encoding.UTF8, "application/json"),
        };
        using var response = await client.SendAsync(request);
        await Problem(response, HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task Metadata_tells_enough_to_make_a_form()
    {
        var model = await Get("/v2/models/titanic");
        var inputs = model.GetProperty("inputs").EnumerateArray().ToArray();

        Assert.Equal(
            Networks.Titanic.Columns.Select(column => column.Name),
            inputs.Select(input => input.GetProperty("name").GetString()!),
            StringComparer.Ordinal
        );
        Assert.Equal(
            """{"minimum":0,"maximum":120,"whole":false,"unit":"years","optional":true}""",
            inputs[2].GetProperty("parameters").GetRawText()
        );
        Assert.Equal(
            """{"levels":["female","male"],"optional":false}""",
            inputs[1].GetProperty("parameters").GetRawText()
        );
        Assert.True((await Get("/v2/health/live")).GetProperty("live").GetBoolean());
        Assert.True((await Get("/v2/health/ready")).GetProperty("ready").GetBoolean());
        Assert.True((await Get("/v2/models/iris/ready")).GetProperty("ready").GetBoolean());
        Assert.NotEmpty((await Get("/v2")).GetProperty("name").GetString()!);
    }

    [Fact]
    public async Task The_evaluation_has_each_measure_with_its_standard_error()
    {
        var evaluation = await Get("/evaluation");
        var networks = evaluation.GetProperty("networks");
        foreach (
            var (network, measures) in new[]
            {
                ("iris", new[] { "accuracy", "logLoss", "rocAuc" }),
                ("titanic", ["accuracy", "logLoss", "rocAuc"]),
                ("housing", ["r2", "rmse", "medianAbsoluteError", "within20Percent"]),
            }
        )
        {
            var report = networks.GetProperty(network);
            Assert.All(
                measures,
                measure => Assert.True(report.GetProperty(measure).GetProperty("value").GetDouble() > 0)
            );
            Assert.All(
                measures,
                measure => Assert.True(report.GetProperty(measure).GetProperty("standardError").GetDouble() >= 0)
            );
            Assert.Equal(measures.Length + 2, report.EnumerateObject().Count());
            Assert.InRange(report.GetProperty("latency").GetProperty("p50Milliseconds").GetDouble(), 0.0001, 1000);
        }
    }

    private static string Query(Network network, double[] row) =>
        string.Join('&', network.Columns.Select((column, index) => $"{column.Name}={column.Write(row[index])}"));

    private static string Request(Network network, double[][] rows) =>
        JsonSerializer.Serialize(
            new
            {
                inputs = network.Columns.Select(
                    (column, index) =>
                        new
                        {
                            name = column.Name,
                            shape = new[] { rows.Length },
                            datatype = column.HasLevels ? "BYTES" : "FP64",
                            data = rows.Select(row =>
                                double.IsNaN(row[index]) ? null
                                : column.HasLevels ? (object)column.Write(row[index])
                                : row[index]
                            ),
                        }
                ),
            }
        );

    private static double[] Output(JsonElement answer, string name) =>
        answer
            .GetProperty("outputs")
            .EnumerateArray()
            .Single(output => output.GetProperty("name").ValueEquals(name))
            .GetProperty("data")
            .Deserialize<double[]>()!;

    private static string Without(JsonElement element, params string[] names) =>
        JsonSerializer.Serialize(
            element
                .EnumerateObject()
                .Where(member => !names.Contains(member.Name, StringComparer.Ordinal))
                .ToDictionary(member => member.Name, member => member.Value, StringComparer.Ordinal)
        );

    private static async Task<JsonElement> Problem(HttpResponseMessage response, HttpStatusCode status)
    {
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    private async Task<JsonElement> Get(string address) => await server.Client.GetFromJsonAsync<JsonElement>(address);

    private async Task<JsonElement> Infer(string network, string body)
    {
        using var response = await Post(network, body);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    private async Task<HttpResponseMessage> Post(string network, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await server.Client.PostAsync(new Uri($"/v2/models/{network}/infer", UriKind.Relative), content);
    }
}
