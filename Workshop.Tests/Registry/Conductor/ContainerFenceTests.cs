using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Registry.Conductor;
using Workshop.Tests.Fixtures;
using Xunit;

namespace Workshop.Tests.Registry.Conductor;

/// <summary>
/// The container engine's fence, against a stub engine that speaks the Docker Engine API on a Unix socket.
/// </summary>
public sealed class ContainerFenceTests : IAsyncLifetime
{
    private readonly string folder = TestFolders.Create("engine");
    private readonly ConcurrentQueue<string> calls = new();
    private WebApplication? engine;
    private HttpClient? http;
    private bool isRunning = true;
    private bool dies = true;
    private string[] names = ["/postgres-1-x7kq2m", "/postgres-2-abcdef", "/other-postgres-1"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private ContainerFence Fence => new(http!);

    public async ValueTask InitializeAsync()
    {
        var socket = Path.Combine(folder, "engine.sock");
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options => options.ListenUnixSocket(socket));
        builder.Services.AddRouting();
        engine = builder.Build();
        engine.UseRouting();
        engine.MapGet("/v1.41/_ping", () => "OK");
        engine.MapGet(
            "/v1.41/containers/json",
            () => names.Select(name => new { Id = $"id-of-{name[1..]}", Names = new[] { name } })
        );
        engine.MapPost("/v1.41/containers/{id}/kill", (string id, string signal) => Kill(id, signal));
        engine.MapPost(
            "/v1.41/containers/{id}/start",
            (string id) =>
            {
                calls.Enqueue($"start {id}");
                isRunning = true;
                return Results.NoContent();
            }
        );
        engine.MapGet("/v1.41/containers/{id}/json", () => new { State = new { Running = isRunning } });
        await engine.StartAsync(Ct);
        http = ContainerFence.NewClient(socket);
    }

    public async ValueTask DisposeAsync()
    {
        http?.Dispose();
        await engine!.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_container_is_killed_by_its_resources_name_and_seen_dead()
    {
        await Fence.Kill("postgres-1", Ct);

        Assert.Equal("SIGKILL id-of-postgres-1-x7kq2m", Assert.Single(calls));
        Assert.False(isRunning);
    }

    [Fact]
    public async Task A_container_that_does_not_run_is_as_dead()
    {
        isRunning = false;

        await Fence.Kill("postgres-1", Ct);
    }

    [Fact]
    public async Task Without_proof_of_death_there_is_no_fence()
    {
        dies = false;

        await Assert.ThrowsAsync<FenceException>(() => Fence.Kill("postgres-1", Ct));
    }

    [Fact]
    public async Task A_name_that_fits_no_container_or_two_fences_nothing()
    {
        await Assert.ThrowsAsync<FenceException>(() => Fence.Kill("postgres-3", Ct));
        names = ["/postgres-1", "/postgres-1-x7kq2m"];
        await Assert.ThrowsAsync<FenceException>(() => Fence.Kill("postgres-1", Ct));
        Assert.Empty(calls);
    }

    [Fact]
    public async Task A_container_of_an_earlier_term_is_kept_down_and_that_is_said()
    {
        var kept = await Assert.ThrowsAsync<FenceException>(() => Fence.Rejoin("postgres-1", "postgres-2", Ct));

        Assert.Contains("postgres-1 is kept down", kept.Message, StringComparison.Ordinal);
        Assert.Equal("SIGKILL id-of-postgres-1-x7kq2m", Assert.Single(calls));
        Assert.False(isRunning);
    }

    [Fact]
    public async Task An_engine_that_is_gone_can_fence_nobody()
    {
        Assert.True(await Fence.IsThere(Ct));
        await engine!.StopAsync(Ct);

        Assert.False(await Fence.IsThere(Ct));
        await Assert.ThrowsAsync<HttpRequestException>(() => Fence.Kill("postgres-1", Ct));
    }

    private IResult Kill(string id, string signal)
    {
        calls.Enqueue($"{signal} {id}");
        if (!isRunning)
        {
            return Results.Conflict();
        }

        isRunning = !dies;
        return Results.NoContent();
    }
}
