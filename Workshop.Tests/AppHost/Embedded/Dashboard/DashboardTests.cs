using Grpc.Core;
using Grpc.Net.Client;
using Workshop.AppHost.Embedded.Dashboard.Protocol;
using Workshop.Tests.Fixtures;
using Xunit;

namespace Workshop.Tests.AppHost.Embedded.Dashboard;

/// <summary>Aspire's resource protocol, spoken as the dashboard speaks it, with a running workshop.</summary>
[Collection(WorkshopFixture.Name)]
public sealed class DashboardTests(WorkshopFixture fixture) : IDisposable
{
    private readonly GrpcChannel channel = GrpcChannel.ForAddress(fixture.Workshop.ResourceService);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private DashboardService.DashboardServiceClient Dashboard => new(channel);

    [Fact]
    public async Task The_application_has_a_name()
    {
        var application = await Dashboard.GetApplicationInformationAsync(new(), cancellationToken: Ct);

        Assert.Equal("Workshop", application.ApplicationName);
    }

    [Fact]
    public async Task All_resources_come_first_with_what_the_dashboard_needs()
    {
        using var watch = Dashboard.WatchResources(new(), cancellationToken: Ct);
        var resources = (await Next(watch)).InitialData.Resources;

        Assert.Equal(16, resources.Count);
        Assert.All(resources, resource => Assert.NotNull(resource.CreatedAt));
        var shop = Assert.Single(resources, resource => resource.Name is "shop-api-1");
        Assert.Equal("Project", shop.ResourceType);
        Assert.Equal("start stop restart kill", string.Join(' ', shop.Commands.Select(command => command.Name)));
        Assert.Equal(fixture.Workshop.ShopApi1, new(shop.Urls.Single().FullUrl));
        Assert.NotNull(shop.Urls.Single().DisplayProperties);
        Assert.DoesNotContain(
            shop.Environment,
            variable => variable.Value.Contains("Password=", StringComparison.OrdinalIgnoreCase)
        );
        Assert.Contains(shop.Relationships, relationship => relationship.ResourceName is "registry");

        // Other tests of this workshop let the liar in; nobody starts the sleeper.
        Assert.Equal("NotStarted", Assert.Single(resources, resource => resource.Name is "sleeper").State);
    }

    [Fact]
    public async Task A_killed_service_is_shown_ended_and_then_running_again()
    {
        using var watch = Dashboard.WatchResources(new(), cancellationToken: Ct);
        await Next(watch);

        Assert.Equal(ResourceCommandResponseKind.Succeeded, (await Execute("shop-api-2", "kill")).Kind);
        var ended = await Until(watch, resource => resource.State is "Exited");
        Assert.Empty(ended.HealthReports);
        Assert.True(ended.Urls.Single().IsInactive);

        Assert.Equal(ResourceCommandResponseKind.Succeeded, (await Execute("shop-api-2", "start")).Kind);
        var running = await Until(watch, resource => resource.State is "Running");
        Assert.Equal(HealthStatus.Healthy, Assert.Single(running.HealthReports).Status);
    }

    [Fact]
    public async Task A_command_that_does_not_fit_fails_with_its_reason()
    {
        var unknown = await Execute("registry", "dance");
        Assert.Equal(ResourceCommandResponseKind.Failed, unknown.Kind);
        Assert.Contains("restart", unknown.ErrorMessage, StringComparison.Ordinal);

        var missing = await Assert.ThrowsAsync<RpcException>(() => Execute("nobody", "start"));
        Assert.Equal(StatusCode.NotFound, missing.StatusCode);
    }

    [Fact]
    public async Task Console_logs_come_once_or_go_on()
    {
        var request = new WatchResourceConsoleLogsRequest { ResourceName = "postgres-1", SuppressFollow = true };
        using var once = Dashboard.WatchResourceConsoleLogs(request, cancellationToken: Ct);
        var kept = new List<ConsoleLogLine>();
        await foreach (var update in once.ResponseStream.ReadAllAsync(Ct))
        {
            kept.AddRange(update.LogLines);
        }

        Assert.NotEmpty(kept);
        Assert.Equal(Enumerable.Range(kept[0].LineNumber, kept.Count), kept.Select(line => line.LineNumber));

        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        request.SuppressFollow = false;
        using var following = Dashboard.WatchResourceConsoleLogs(request, cancellationToken: leaving.Token);
        Assert.True(await following.ResponseStream.MoveNext(Ct));
        await leaving.CancelAsync();
    }

    [Fact]
    public async Task The_dashboard_is_asked_nothing_and_its_call_stays_open()
    {
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        using var interactions = Dashboard.WatchInteractions(cancellationToken: leaving.Token);
        var first = interactions.ResponseStream.MoveNext(Ct);

        // An answer from another call: by then this one would have ended, had it been refused.
        await Dashboard.GetApplicationInformationAsync(new(), cancellationToken: Ct);
        Assert.False(first.IsCompleted);

        await leaving.CancelAsync();
        var left = await Assert.ThrowsAsync<RpcException>(() => first);
        Assert.Equal(StatusCode.Cancelled, left.StatusCode);
    }

    /// <inheritdoc/>
    public void Dispose() => channel.Dispose();

    private async Task<ResourceCommandResponse> Execute(string resource, string command) =>
        await Dashboard.ExecuteResourceCommandAsync(
            new() { ResourceName = resource, CommandName = command },
            cancellationToken: Ct
        );

    private static async Task<WatchResourcesUpdate> Next(AsyncServerStreamingCall<WatchResourcesUpdate> watch)
    {
        Assert.True(await watch.ResponseStream.MoveNext(Ct));
        return watch.ResponseStream.Current;
    }

    /// <summary>Reads on until the second shop server is as wanted.</summary>
    private static async Task<Resource> Until(
        AsyncServerStreamingCall<WatchResourcesUpdate> watch,
        Func<Resource, bool> wanted
    )
    {
        while (true)
        {
            var upserts = (await Next(watch)).Changes.Value.Select(change => change.Upsert);
            if (upserts.FirstOrDefault(resource => resource.Name is "shop-api-2" && wanted(resource)) is { } found)
            {
                return found;
            }
        }
    }
}
