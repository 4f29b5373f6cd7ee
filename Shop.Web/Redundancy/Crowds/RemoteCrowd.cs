using System.Net;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Polly;
using Shop.Web.Api;
using Shop.Web.Redundancy.Wires;
using Workshop.ServiceDefaults.Loops;

namespace Shop.Web.Redundancy.Crowds;

/// <summary>
/// The crowd of the laboratory's own process: a storefront does not make load beside the pages that people look at.
/// </summary>
/// <param name="clients">Makes the client of the laboratory.</param>
/// <param name="services">Makes the clients of one command.</param>
/// <param name="background">Tells the laboratory that a crowd is to stop.</param>
/// <param name="time">Measures waits.</param>
/// <param name="logger">Hears of calls without an answer.</param>
internal sealed class RemoteCrowd(
    IHttpClientFactory clients,
    IServiceScopeFactory services,
    Background background,
    TimeProvider time,
    ILogger<RemoteCrowd> logger
) : ICrowd
{
    /// <summary>More than the patience of one buyer, with the last attempt.</summary>
    internal static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(90);

    public async Task<string?> Prepare(CancellationToken ct)
    {
        await using var scope = services.CreateAsyncScope();
        var host = scope.ServiceProvider.GetRequiredService<HostClient>();
        if (!host.IsThere)
        {
            return null;
        }

        var answer = await host.Command(LaboratoryRole.Name, "start", ct);
        return answer.Problem is { } problem ? $"The laboratory could not be started: {problem.Sentence}" : null;
    }

    public async IAsyncEnumerable<CrowdNews> Send(
        CrowdPlan plan,
        CancellationToken stop,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        using var silent = new CancellationTokenSource(LongestSilence, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, silent.Token);
        await using var news = Follow(plan, stop, either.Token).GetAsyncEnumerator(either.Token);
        while (await Next(news, ct) is { } one)
        {
            silent.CancelAfter(LongestSilence);
            yield return one;
        }
    }

    public async Task<ApiProblem?> PutWire(DnsEndPoint server, WireRequest behaviour) =>
        (await Ask(HttpMethod.Put, CrowdRoutes.WireTo(server), behaviour)).Problem;

    public Task TakeOutWire(DnsEndPoint server) => Ask(HttpMethod.Delete, CrowdRoutes.WireTo(server));

    private async IAsyncEnumerable<CrowdNews> Follow(
        CrowdPlan plan,
        CancellationToken stop,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        using var http = clients.CreateClient(LaboratoryRole.Name);
        using var request = new HttpRequestMessage(HttpMethod.Post, CrowdRoutes.Crowds);
        request.Content = JsonContent.Create(plan, options: WireJson.Options);
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
        response.EnsureSuccessStatusCode();
        await using var stopping = stop.Register(() => background.Once("the end of a crowd", () => Stop(plan.Run)));
        await using var stream = await response.Content.ReadAsStreamAsync(ct);
        var lines = SseParser.Create(
            stream,
            (_, line) => JsonSerializer.Deserialize<CrowdNews>(line, WireJson.Options)!
        );
        await foreach (var line in lines.EnumerateAsync(ct))
        {
            yield return line.Data;
        }
    }

    /// <summary>The next news, which may be that the laboratory is gone; null after the last.</summary>
    private static async Task<CrowdNews?> Next(IAsyncEnumerator<CrowdNews> news, CancellationToken ct)
    {
        try
        {
            return await news.MoveNextAsync() ? news.Current : null;
        }
        catch (Exception error)
            when (error is HttpRequestException or IOException or JsonException or ExecutionRejectedException)
        {
            return new(0, Lost: error.Message);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new(0, Lost: "It has said nothing for a long time.");
        }
    }

    private Task<Answer<object>> Stop(string run) => Ask(HttpMethod.Delete, CrowdRoutes.CrowdOf(run));

    private async Task<Answer<object>> Ask(HttpMethod method, string path, object? body = null)
    {
        await using var scope = services.CreateAsyncScope();
        using var http = clients.CreateClient(LaboratoryRole.Name);
        var laboratory = new ServiceCaller(http, scope.ServiceProvider.GetRequiredService<Trail>(), time, logger);
        return await laboratory.Send<object>(method, path, body, prepare: null, CancellationToken.None);
    }
}
