using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Workshop.Tests.Consensus;

/// <summary>A member on a real socket that answers whatever the test wants, well or badly.</summary>
internal sealed class StubMember : IAsyncDisposable
{
    private readonly WebApplication app;

    private StubMember(WebApplication app) => this.app = app;

    /// <summary>Its address.</summary>
    internal string Url =>
        app
            .Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>()
            .Features.Get<IServerAddressesFeature>()!
            .Addresses.Single();

    /// <summary>Requests so far.</summary>
    internal int Asked;

    /// <summary>Starts one that answers every path the same way.</summary>
    internal static async Task<StubMember> Start(Func<HttpContext, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
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

    /// <summary>One that always gives the same probabilities for the irises.</summary>
    internal static Task<StubMember> Says(params double[] probabilities) =>
        Start(context => context.Response.WriteAsync(Iris(probabilities)));

    /// <summary>An answer as the contract wants it.</summary>
    internal static string Iris(params double[] probabilities) => Irises(1, probabilities);

    /// <summary>The same answer to so many rows at once.</summary>
    internal static string Irises(int rows, params double[] probabilities) =>
        "{\"model_name\":\"iris\",\"model_version\":\"1\",\"id\":\"1\",\"outputs\":[{\"name\":\"probabilities\",\"shape\":["
        + rows.ToString(CultureInfo.InvariantCulture)
        + ",3],\"datatype\":\"FP64\",\"data\":["
        + string.Join(
            ',',
            Enumerable
                .Repeat(probabilities, rows)
                .SelectMany(row => row)
                .Select(value => value.ToString("R", CultureInfo.InvariantCulture))
        )
        + "],\"parameters\":{\"labels\":[\"setosa\",\"versicolor\",\"virginica\"]}}]}";

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
