using System.Globalization;
using System.Net;
using LaboratoryBench.Processes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Workshop.AppHost.Faults;
using Xunit;

namespace Workshop.Tests.AppHost.Faults;

/// <summary>Of several registries the host obeys the one that was elected last.</summary>
public sealed class LatestConductorTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Commands_of_an_earlier_term_than_one_that_spoke_are_refused_and_a_persons_are_not()
    {
        var address = string.Create(CultureInfo.InvariantCulture, $"http://localhost:{FreePorts.Next()}");
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls(address);
        builder.Services.AddRoutingCore();
        await using var app = builder.Build();
        app.UseLatestConductor();
        app.MapPost("/resources/postgres-1/fence", () => "done");
        await app.StartAsync(Stop);
        using var http = new HttpClient();

        Assert.Equal(HttpStatusCode.OK, await Fence("7"));
        Assert.Equal(HttpStatusCode.OK, await Fence("7"));
        Assert.Equal(HttpStatusCode.OK, await Fence("9"));
        Assert.Equal(HttpStatusCode.Conflict, await Fence("8"));
        Assert.Equal(HttpStatusCode.OK, await Fence(null));
        Assert.Equal(HttpStatusCode.OK, await Fence("9"));

        async Task<HttpStatusCode> Fence(string? term)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"{address}/resources/postgres-1/fence");
            if (term is not null)
            {
                request.Headers.Add("Workshop-Term", term);
            }

            using var answer = await http.SendAsync(request, Stop);
            return answer.StatusCode;
        }
    }
}
