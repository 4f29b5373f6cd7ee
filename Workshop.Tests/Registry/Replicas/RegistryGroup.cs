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
    private const string Secret = "a secret of the registries";

    private readonly string root = TestFolders.Create("registries");

    private readonly Dictionary<int, Process> running = [];

    private readonly (string Name, string Value)[] settings;

    private RegistryGroup((string Name, string Value)[] settings)
    {
        this.settings = settings;
        Http.DefaultRequestHeaders.Authorization = new("Bearer", RegistryServer.Token);
    }

    /// <summary>Where they answer.</summary>
    internal IReadOnlyList<string> Addresses { get; } =
    [
        .. Enumerable
            .Range(0, 3)
            .Select(_ => string.Create(CultureInfo.InvariantCulture, $"http://localhost:{FreePorts.Next()}")),
    ];

    /// <summary>Sends with the operator token.</summary>
    internal HttpClient Http { get; } = new() { Timeout = TimeSpan.FromSeconds(30) };

    /// <summary>Those that run.</summary>
    internal IReadOnlyCollection<int> Running => running.Keys;

    /// <summary>Starts three, and waits for a leader.</summary>
    /// <param name="ct">Ends the wait.</param>
    /// <param name="settings">Environment of all.</param>
    internal static async Task<RegistryGroup> Start(CancellationToken ct, params (string Name, string Value)[] settings)
    {
        var group = new RegistryGroup(settings);
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

        return running[replica] = Process.Start(start)!;
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
    internal async Task<int> Leader(CancellationToken ct)
    {
        var leader = -1;
        await Eventually.Holds(
            async () =>
            {
                foreach (var replica in running.Keys.ToArray())
                {
                    if (await Look(replica) is { } seen && seen.GetProperty("role").GetString() is "leader")
                    {
                        leader = replica;
                    }
                }

                return leader >= 0;
            },
            ct
        );
        return leader;
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
