using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LaboratoryBench.Processes;

/// <summary>A member on a real socket that answers whatever is wanted, well or badly.</summary>
internal sealed class StubMember : IAsyncDisposable
{
    internal const string Loopback = "127.0.0.1";

    /// <summary>A flower that members are asked about.</summary>
    internal const string Setosa = "sepalLength=5.1&sepalWidth=3.5&petalLength=1.4&petalWidth=0.2";

    private readonly WebApplication app;

    private StubMember(WebApplication app) => this.app = app;

    /// <summary>Its address.</summary>
    internal string Url =>
        app
            .Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>()
            .Features.Get<IServerAddressesFeature>()!
            .Addresses.Single();

    private volatile bool hasBegun;

    /// <summary>Requests so far.</summary>
    internal int Asked;

    /// <summary>Starts one that answers every path the same way.</summary>
    internal static async Task<StubMember> Start(Func<HttpContext, Task> answer, string host = Loopback)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://{host}:0");
        var listening = builder.Build();
        var stub = new StubMember(listening);
        listening.Run(context =>
        {
            Interlocked.Increment(ref stub.Asked);
            return answer(context);
        });
        await listening.StartAsync();
        return stub;
    }

    /// <summary>One that answers well until <see cref="Begin"/>: what does not answer is not admitted.</summary>
    internal static async Task<StubMember> StartOnceJoined(Func<HttpContext, Task> answer)
    {
        StubMember? stub = null;
        stub = await Start(context => stub!.hasBegun ? answer(context) : Well(context));
        return stub;
    }

    /// <summary>One that answers all networks, and anything else with a document.</summary>
    internal static Task<StubMember> Offers(Func<HttpContext, Task> document) =>
        Start(context =>
            context.Request.Path.Value!.EndsWith("/predict", StringComparison.Ordinal)
                ? Well(context)
                : document(context)
        );

    /// <summary>From here on it answers as is wanted.</summary>
    internal void Begin()
    {
        hasBegun = true;
        Asked = 0;
    }

    /// <summary>An answer to any network's question.</summary>
    internal static async Task Well(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        var rows = await RowsOf(context.Request);
        await context.Response.WriteAsync(
            path.Contains("titanic", StringComparison.Ordinal) ? Classes(rows, ["0", "1"], 0.6, 0.4)
            : path.Contains("housing", StringComparison.Ordinal) ? Values(rows, 181_000)
            : Irises(rows, 0.9, 0.1, 0)
        );
    }

    /// <summary>One that always gives the same probabilities for the irises.</summary>
    internal static Task<StubMember> Says(params double[] probabilities) =>
        Start(context => context.Response.WriteAsync(Iris(probabilities)));

    /// <summary>An answer as the contract wants it.</summary>
    internal static string Iris(params double[] probabilities) => Irises(1, probabilities);

    /// <summary>The same answer to so many rows at once.</summary>
    internal static string Irises(int rows, params double[] probabilities) =>
        Classes(rows, ["setosa", "versicolor", "virginica"], probabilities);

    private static string Classes(int rows, string[] labels, params double[] probabilities) =>
        JsonSerializer.Serialize(
            new
            {
                outputs = new[]
                {
                    new
                    {
                        name = "probabilities",
                        shape = new[] { rows, labels.Length },
                        datatype = "FP64",
                        data = Enumerable.Repeat(probabilities, rows).SelectMany(row => row).ToArray(),
                        parameters = new { labels },
                    },
                },
            }
        );

    private static string Values(int rows, double value) =>
        JsonSerializer.Serialize(
            new
            {
                outputs = new[]
                {
                    new
                    {
                        name = "value",
                        shape = new[] { rows },
                        datatype = "FP64",
                        data = Enumerable.Repeat(value, rows).ToArray(),
                    },
                },
            }
        );

    /// <summary>How many rows a question is for: one, or those of an inference request.</summary>
    internal static async Task<int> RowsOf(HttpRequest question)
    {
        if (!HttpMethods.IsPost(question.Method))
        {
            return 1;
        }

        using var body = await JsonDocument.ParseAsync(question.Body);
        return body.RootElement.GetProperty("inputs")[0].GetProperty("shape")[0].GetInt32();
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync(new CancellationToken(canceled: true));
        await app.DisposeAsync();
    }
}
