using System.Net;
using System.Text;
using System.Text.Json;
using LaboratoryBench.Processes;
using Workshop.Tests.Consensus;
using Workshop.Tests.Predictors;
using Xunit;

namespace Workshop.Tests.ServiceDefaults.Errors;

/// <summary>The shared rules hold in the prediction network too, with nothing of its own for them.</summary>
public sealed class PredictionServiceTests : IDisposable
{
    private readonly string folder = TestFolders.Create("described");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task The_consensus_describes_itself_and_refuses_in_the_binder()
    {
        using var consensus = new ConsensusFixture();
        using var client = consensus.Insider();

        Assert.Contains("/predictors", await Paths(client), StringComparer.Ordinal);
        Assert.Equal(
            HttpStatusCode.BadRequest,
            await Post(client, "/predictors", """{"name":"a","url":"http://localhost:1","networks":[null]}""")
        );
        Assert.Equal(
            HttpStatusCode.BadRequest,
            await Post(client, "/iris/batches", """{"rows":[{"sepalLength":"\ud800"}]}""")
        );
        Assert.Equal(
            HttpStatusCode.BadRequest,
            await Post(client, "/iris/batches", """{"no":1}""", "application/json; charset=\"utf-8\"")
        );
        Assert.Equal(
            HttpStatusCode.UnsupportedMediaType,
            await Post(client, "/iris/batches", "{}", "application/json; charset=foo")
        );
    }

    [Fact]
    public async Task A_predictor_describes_itself_and_refuses_in_the_binder()
    {
        await using var predictor = await new PredictorServer("bayes", folder).Ready();
        const string infer = "/v2/models/titanic/infer";

        Assert.Contains("/v2/models/{model}/infer", await Paths(predictor.Client), StringComparer.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, await Post(predictor.Client, infer, """{"inputs":[null]}"""));
        Assert.Equal(
            HttpStatusCode.BadRequest,
            await Post(
                predictor.Client,
                infer,
                """{"inputs":[{"name":"sex","shape":[1],"datatype":"BYTES","data":["\ud800"]}]}"""
            )
        );
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, await Post(predictor.Client, infer, "{}", "text/plain"));
    }

    private static async Task<List<string>> Paths(HttpClient client)
    {
        using var document = JsonDocument.Parse(
            await client.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative), Ct)
        );
        return [.. document.RootElement.GetProperty("paths").EnumerateObject().Select(path => path.Name)];
    }

    private static async Task<HttpStatusCode> Post(
        HttpClient client,
        string path,
        string body,
        string type = "application/json"
    )
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        using var answer = await client.PostAsync(new Uri(path, UriKind.Relative), content, Ct);
        return answer.StatusCode;
    }
}
