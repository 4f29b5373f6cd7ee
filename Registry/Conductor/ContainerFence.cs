using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Registry.Conductor;

/// <summary>
/// A container engine, through the Docker Engine API (1.41 and newer; Podman serves the same) on its Unix socket. A
/// container is found by its name, which is the resource's, perhaps with a suffix of the orchestrator's.
/// </summary>
internal sealed class ContainerFence(HttpClient engine) : IFence
{
    private const string Api = "/v1.41";

    /// <summary>Longest time for one call of the engine.</summary>
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(10);

    /// <summary>After SIGKILL the kernel has ended a container's processes within this time.</summary>
    private static readonly TimeSpan DeathTimeout = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan DeathPollInterval = TimeSpan.FromMilliseconds(10);

    /// <summary>A client whose every connection goes to the engine's socket.</summary>
    public static HttpClient NewClient(string socketPath) =>
        new(
            new SocketsHttpHandler
            {
                ActivityHeadersPropagator = null,
                UseProxy = false,
                ConnectCallback = async (_, ct) =>
                {
                    var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                    try
                    {
                        await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), ct);
                        return new NetworkStream(socket, ownsSocket: true);
                    }
                    catch
                    {
                        socket.Dispose();
                        throw;
                    }
                },
            },
            disposeHandler: true
        )
        {
            BaseAddress = new("http://engine"),
            Timeout = CallTimeout,
        };

    public async Task Kill(string server, CancellationToken ct)
    {
        var id = await Find(server, ct);
        using var response = await Post($"/containers/{id}/kill?signal=SIGKILL", ct);
        if (response.StatusCode is not HttpStatusCode.Conflict)
        {
            // 409: it does not run; whether that is so is seen below.
            response.EnsureSuccessStatusCode();
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(DeathTimeout);
        while (await IsRunning(id, ct))
        {
            if (limit.IsCancellationRequested)
            {
                throw new FenceException($"The engine still shows {server} running.");
            }

            await Task.Delay(DeathPollInterval, ct);
        }
    }

    public async Task Start(string server, CancellationToken ct)
    {
        using var response = await Post($"/containers/{await Find(server, ct)}/start", ct);
        if (response.StatusCode is not HttpStatusCode.NotModified)
        {
            response.EnsureSuccessStatusCode();
        }
    }

    /// <summary>
    /// Keeps the container down and says so. Started again it would come up with the data that it has, as a second primary;
    /// to empty its volume and fill it from the primary is its image's work, which no call of the engine can ask for.
    /// </summary>
    /// <exception cref="FenceException">Always, once it has been seen dead.</exception>
    public async Task Rejoin(string server, string primary, CancellationToken ct)
    {
        await Kill(server, ct);
        throw new FenceException(
            $"{server} is kept down: its data are of an earlier term, and no container can be made a copy of {primary} "
                + "from here. docs/failover.md says what a person can do."
        );
    }

    public async Task<bool> IsThere(CancellationToken ct)
    {
        try
        {
            using var response = await engine.GetAsync(new Uri($"{Api}/_ping", UriKind.Relative), ct);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return true;
        }
    }

    private async Task<string> Find(string server, CancellationToken ct)
    {
        var containers = await engine.GetFromJsonAsync<Container[]>(
            new Uri($"{Api}/containers/json?all=true", UriKind.Relative),
            ct
        );
        // An orchestrator adds a suffix of its own to the resource's name: postgres-1-x7k2m9.
        var name = new Regex($@"\A/{Regex.Escape(server)}(-[a-z]+[a-z0-9]*)?\z", RegexOptions.NonBacktracking);
        var found = (containers ?? []).Where(container => container.Names.Any(name.IsMatch)).ToArray();
        return found is [var only]
            ? only.Id
            : throw new FenceException($"{found.Length} containers are named {server}; there must be one.");
    }

    private async Task<bool> IsRunning(string id, CancellationToken ct)
    {
        var path = new Uri($"{Api}/containers/{id}/json", UriKind.Relative);
        var inspection = await engine.GetFromJsonAsync<Inspection>(path, ct);
        return inspection?.State.Running ?? throw new FenceException($"The engine says nothing of {id}.");
    }

    private Task<HttpResponseMessage> Post(string path, CancellationToken ct) =>
        engine.PostAsync(new Uri(Api + path, UriKind.Relative), null, ct);

    /// <summary>A container in the engine's list.</summary>
    private sealed record Container(string Id, string[] Names);

    /// <summary>A container as inspected.</summary>
    private sealed record Inspection(InspectedState State);

    /// <summary>Whether its main process lives.</summary>
    private sealed record InspectedState(bool Running);
}
