using System.Net;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Xunit;

namespace Workshop.Tests.AppHost;

/// <summary>Aspire's testing package runs parts of the workshop in a test's own process, on ports that are free.</summary>
public sealed class SideBySideTests
{
    /// <summary>No more is started than is needed; the second database waits, and its address is wired all the same.</summary>
    private static readonly string[] Needed = ["postgres-1", "postgres-2", "shop", "registry"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_registries_with_databases_of_their_own_run_in_one_process()
    {
        await using var oneBuilder = await Build();
        await using var twoBuilder = await Build();
        await using var one = await Start(oneBuilder);
        await using var two = await Start(twoBuilder);
        using var first = one.CreateHttpClient("registry", "http");
        using var second = two.CreateHttpClient("registry", "http");

        Assert.NotEqual(first.BaseAddress, second.BaseAddress);
        foreach (var registry in new[] { first, second })
        {
            using var answer = await registry.GetAsync(new Uri("/conductor", UriKind.Relative), Ct);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        var killed = await one.ResourceCommands.ExecuteCommandAsync("registry", "kill", Ct);
        Assert.True(killed.Success, killed.Message);
        await Assert.ThrowsAsync<HttpRequestException>(() =>
            first.GetAsync(new Uri("/services", UriKind.Relative), Ct)
        );
        using var other = await second.GetAsync(new Uri("/services", UriKind.Relative), Ct);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        await one.StopAsync(Ct);
        await two.StopAsync(Ct);
    }

    private static async Task<IDistributedApplicationTestingBuilder> Build()
    {
        string[] args = ["--ephemeral", "--storage", "basic"];
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Workshop_AppHost>(args, Ct);
        foreach (var resource in builder.Resources.ToArray())
        {
            if (resource is not ParameterResource && !Needed.Contains(resource.Name, StringComparer.Ordinal))
            {
                builder.Resources.Remove(resource);
            }
        }

        return builder;
    }

    /// <summary>Disposing of the builder disposes of what it built, so it has to live as long.</summary>
    private static async Task<DistributedApplication> Start(IDistributedApplicationTestingBuilder builder)
    {
        var app = await builder.BuildAsync(Ct);
        await app.StartAsync(Ct);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("registry", Ct);
        return app;
    }
}
