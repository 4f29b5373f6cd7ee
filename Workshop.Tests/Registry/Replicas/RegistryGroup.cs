using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Registry.Leases;
using Workshop.AppHost.Processes;
using Workshop.Tests.Fixtures;

namespace Workshop.Tests.Registry.Replicas;

/// <summary>Registries as processes of their own that decide by majority, and can be killed like one.</summary>
internal sealed class RegistryGroup : IAsyncDisposable
{
    /// <summary>The one that is elsewhere, where one is.</summary>
    internal const int Far = 2;

    private const string Secret = "a secret of the registries";

    private readonly string root = TestFolders.Create("registries");

    private readonly Dictionary<int, Process> running = [];

    private readonly (string Name, string Value)[] settings;

    private readonly NetworkNamespace? elsewhere;

    private RegistryGroup((string Name, string Value)[] settings, NetworkNamespace? elsewhere = null)
    {
        (this.settings, this.elsewhere) = (settings, elsewhere);
        Addresses = [.. Enumerable.Range(0, Far + 1).Select(AddressOf)];
        Http.DefaultRequestHeaders.Authorization = new("Bearer", RegistryServer.Token);
    }

    /// <summary>Where they answer.</summary>
    internal IReadOnlyList<string> Addresses { get; }

    /// <summary>Sends with the operator token.</summary>
    internal HttpClient Http { get; } = new() { Timeout = TimeSpan.FromSeconds(30) };

    /// <summary>Those that run.</summary>
    internal IReadOnlyCollection<int> Running => running.Keys;

    /// <summary>Starts three, and waits for a leader.</summary>
    /// <param name="ct">Ends the wait.</param>
    /// <param name="settings">Environment of all.</param>
    internal static Task<RegistryGroup> Start(CancellationToken ct, params (string Name, string Value)[] settings) =>
        Begin(new(settings), ct);

    /// <summary>Starts two here and one on another machine.</summary>
    internal static Task<RegistryGroup> StartAcross(NetworkNamespace elsewhere, CancellationToken ct) =>
        Begin(
            new(
                [
                    ("Workshop__Origins__Hosts__0", elsewhere.Here.ToString()),
                    ("Workshop__Origins__Hosts__1", elsewhere.There.ToString()),
                ],
                elsewhere
            ),
            ct
        );

    private static async Task<RegistryGroup> Begin(RegistryGroup group, CancellationToken ct)
    {
        for (var replica = 0; replica < group.Addresses.Count; replica++)
        {
            group.Run(replica);
        }

        await group.UntilAllAreHealthy(ct);
        return group;
    }

    /// <summary>The folder of a replica.</summary>
    internal string FolderOf(int replica) => Path.Combine(root, replica.ToString(CultureInfo.InvariantCulture));

    /// <summary>Starts a replica.</summary>
    internal Process Run(int replica, params (string Name, string Value)[] more)
    {
        Directory.CreateDirectory(FolderOf(replica));
        var start = new ProcessStartInfo("dotnet", [typeof(ServiceTable).Assembly.Location])
        {
            WorkingDirectory = AppContext.BaseDirectory,
            UseShellExecute = false,
            RedirectStandardError = true,
            Environment =
            {
                ["ASPNETCORE_URLS"] = Addresses[replica],
                ["Workshop__DataDirectory"] = FolderOf(replica),
                ["Workshop__OperatorToken"] = RegistryServer.Token,
                ["Logging__LogLevel__Default"] = "Error",
                ["Replicas__Self"] = Addresses[replica],
                ["Replicas__Secret"] = Secret,
            },
        };
        foreach (var (index, address) in Addresses.Index())
        {
            start.Environment[string.Create(CultureInfo.InvariantCulture, $"Replicas__Addresses__{index}")] = address;
        }

        foreach (var (name, value) in settings.Concat(more))
        {
            start.Environment[name] = value;
        }

        return running[replica] = IsElsewhere(replica) ? elsewhere!.Start(start) : Process.Start(start)!;
    }

    private bool IsElsewhere(int replica) => elsewhere is not null && replica == Far;

    private string AddressOf(int replica)
    {
        var host =
            elsewhere is null ? "localhost"
            : IsElsewhere(replica) ? elsewhere.There.ToString()
            : elsewhere.Here.ToString();
        return string.Create(CultureInfo.InvariantCulture, $"http://{host}:{FreePorts.Next()}");
    }

    /// <summary>SIGKILL: it finishes nothing.</summary>
    internal async Task Kill(int replica)
    {
        if (running.Remove(replica, out var process))
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }

    /// <summary>SIGSTOP: it keeps its connections and does nothing.</summary>
    internal void Pause(int replica) => SystemCalls.Send(running[replica].Id, Signal.Stop);

    /// <summary>SIGCONT.</summary>
    internal void Resume(int replica) => SystemCalls.Send(running[replica].Id, Signal.Continue);

    /// <summary>Waits until every replica that runs knows what the group knows.</summary>
    internal Task UntilAllAreHealthy(CancellationToken ct) =>
        Eventually.Holds(
            async () => (await Task.WhenAll(running.Keys.Select(IsHealthy))).All(isHealthy => isHealthy),
            ct
        );

    /// <summary>Which replica leads, once one does.</summary>
    /// <param name="ct">Ends the wait.</param>
    /// <param name="except">One that cannot be asked.</param>
    internal async Task<int> Leader(CancellationToken ct, int? except = null)
    {
        var leader = -1;
        await Eventually.Holds(async () => (leader = await LeaderNow(except)) >= 0, ct);
        return leader;
    }

    /// <summary>Which replica leads; -1 while none does.</summary>
    /// <param name="except">One that cannot be asked.</param>
    internal async Task<int> LeaderNow(int? except = null)
    {
        foreach (var replica in running.Keys.Where(replica => replica != except).ToArray())
        {
            if (await Look(replica) is { } seen && seen.GetProperty("role").GetString() is "leader")
            {
                return replica;
            }
        }

        return -1;
    }

    /// <summary>One that runs and does not lead.</summary>
    internal async Task<int> Follower(CancellationToken ct)
    {
        var leader = await Leader(ct);
        return running.Keys.First(replica => replica != leader);
    }

    /// <summary>Registers a server with one of them.</summary>
    internal Task<HttpResponseMessage> Register(int replica, string instance, int port, CancellationToken ct) =>
        Http.PutAsJsonAsync(
            $"{Addresses[replica]}/services/shop-api/{instance}",
            new { address = string.Create(CultureInfo.InvariantCulture, $"localhost:{port}"), ttlSeconds = 60 },
            ct
        );

    /// <summary>Takes a server out at one of them.</summary>
    internal Task<HttpResponseMessage> Leave(int replica, string instance, CancellationToken ct) =>
        Http.DeleteAsync($"{Addresses[replica]}/services/shop-api/{instance}", ct);

    /// <summary>How a replica shows an instance of the shop; null where it does not.</summary>
    internal async Task<JsonElement?> Find(int replica, string instance, CancellationToken ct)
    {
        using var answer = await Http.GetAsync($"{Addresses[replica]}/services/shop-api", ct);
        if (answer.StatusCode is not HttpStatusCode.OK)
        {
            return null;
        }

        var service = await answer.Content.ReadFromJsonAsync<JsonElement>(ct);
        return service
            .GetProperty("instances")
            .EnumerateArray()
            .Where(one => one.GetProperty("instance").ValueEquals(instance))
            .Select(one => (JsonElement?)one)
            .FirstOrDefault();
    }

    /// <summary>How a replica stands; null where it does not answer.</summary>
    internal async Task<JsonElement?> Look(int replica)
    {
        try
        {
            return await Http.GetFromJsonAsync<JsonElement>($"{Addresses[replica]}/replicas");
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var replica in running.Keys.ToArray())
        {
            await Kill(replica);
        }

        Http.Dispose();
        Directory.Delete(root, recursive: true);
    }

    private async Task<bool> IsHealthy(int replica)
    {
        try
        {
            using var answer = await Http.GetAsync($"{Addresses[replica]}/health");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
