using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace LaboratoryBench.Processes;

/// <summary>Replicas of one service as processes of their own, which can be killed like one.</summary>
internal abstract class ReplicaProcesses : IAsyncDisposable
{
    internal const string Secret = "a secret of the replicas";

    private const string Token = "an operator token for replicas";

    /// <summary>Of three, the one on another machine, where there is one.</summary>
    internal const int Far = 2;

    /// <summary>Elections until one of three leads: each is won by one of the two that follow.</summary>
    private const int MostElections = 40;

    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(30);

    private readonly string root = TestFolders.Create("replicas");

    private readonly Dictionary<int, ReplicaProcess> running = [];

    private readonly string program;

    private readonly NetworkNamespace? elsewhere;

    /// <summary>None runs yet.</summary>
    /// <param name="program">The service's assembly.</param>
    /// <param name="count">How many; one is a service without others.</param>
    /// <param name="elsewhere">Another machine, where <see cref="Far"/> is.</param>
    protected ReplicaProcesses(string program, int count, NetworkNamespace? elsewhere)
    {
        (this.program, this.elsewhere) = (program, elsewhere);
        Addresses = [.. Enumerable.Range(0, count).Select(AddressOf)];
        Http.DefaultRequestHeaders.Authorization = new("Bearer", Token);
    }

    /// <summary>Where the replicas answer.</summary>
    internal IReadOnlyList<string> Addresses { get; }

    /// <summary>Sends with the operator token.</summary>
    internal HttpClient Http { get; } = new() { Timeout = RequestTimeout };

    /// <summary>Those that run.</summary>
    internal IReadOnlyCollection<int> Running => running.Keys;

    /// <summary>Those that run and are not frozen.</summary>
    protected IEnumerable<int> Answering => running.Keys.Where(replica => !running[replica].IsAway);

    /// <summary>Environment of every start.</summary>
    protected virtual IEnumerable<(string Name, string Value)> Settings => [];

    /// <summary>The folder of a replica.</summary>
    internal virtual string FolderOf(int replica) => Path.Combine(root, replica.ToString(CultureInfo.InvariantCulture));

    /// <summary>Starts all, and waits until they are healthy.</summary>
    protected Task RunAll(CancellationToken ct)
    {
        for (var replica = 0; replica < Addresses.Count; replica++)
        {
            Run(replica);
        }

        return UntilAllAreHealthy(ct);
    }

    /// <summary>Starts a replica.</summary>
    internal Process Run(int replica, params (string Name, string Value)[] settings)
    {
        Directory.CreateDirectory(FolderOf(replica));
        var start = new ProcessStartInfo("dotnet", [program])
        {
            WorkingDirectory = AppContext.BaseDirectory,
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            Environment =
            {
                ["ASPNETCORE_URLS"] = Addresses[replica],
                ["Workshop__DataDirectory"] = FolderOf(replica),
                ["Workshop__OperatorToken"] = Token,
                ["Logging__LogLevel__Default"] = "Error",
            },
        };
        if (Addresses.Count > 1)
        {
            start.Environment["Replicas__Self"] = Addresses[replica];
            start.Environment["Replicas__Secret"] = Secret;
            foreach (var (index, address) in Addresses.Index())
            {
                start.Environment[string.Create(CultureInfo.InvariantCulture, $"Replicas__Addresses__{index}")] =
                    address;
            }
        }

        if (elsewhere is not null)
        {
            start.Environment["Workshop__Origins__Hosts__0"] = elsewhere.Here.ToString();
            start.Environment["Workshop__Origins__Hosts__1"] = elsewhere.There.ToString();
        }

        foreach (var (name, value) in settings.Concat(Settings))
        {
            start.Environment[name] = value;
        }

        var process = new ReplicaProcess(IsFar(replica) ? elsewhere!.Start(start) : Process.Start(start)!);
        running[replica] = process;
        return process.Process;
    }

    /// <summary>The process of one that runs.</summary>
    internal ReplicaProcess ProcessOf(int replica) => running[replica];

    /// <summary>SIGKILL: it finishes nothing.</summary>
    internal async Task Kill(int replica)
    {
        if (running.Remove(replica, out var process))
        {
            process.Kill();
            await process.DisposeAsync();
        }
    }

    /// <summary>All that run, killed in one moment.</summary>
    internal async Task KillAll()
    {
        foreach (var process in running.Values)
        {
            process.Kill();
        }

        foreach (var replica in running.Keys.ToArray())
        {
            await Kill(replica);
        }
    }

    /// <summary>Waits until every replica that runs knows what the group knows.</summary>
    internal Task UntilAllAreHealthy(CancellationToken ct) =>
        Eventually.Holds(async () => (await Task.WhenAll(Answering.Select(IsHealthy))).All(isHealthy => isHealthy), ct);

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

    /// <summary>Which replica leads; -1 while none does.</summary>
    /// <param name="except">One that cannot be asked.</param>
    internal async Task<int> LeaderNow(int? except = null)
    {
        foreach (var replica in Answering.Where(replica => replica != except).ToArray())
        {
            if (await Look(replica) is { } seen && seen.GetProperty("role").GetString() is "leader")
            {
                return replica;
            }
        }

        return -1;
    }

    /// <summary>Waits for a replica that leads.</summary>
    /// <param name="ct">Ends the wait.</param>
    /// <param name="except">One that cannot be asked.</param>
    /// <returns>Which.</returns>
    internal async Task<int> Leader(CancellationToken ct, int? except = null)
    {
        var leader = -1;
        await Eventually.Holds(async () => (leader = await LeaderNow(except)) >= 0, ct);
        return leader;
    }

    /// <summary>One that runs and does not lead.</summary>
    internal async Task<int> Follower(CancellationToken ct)
    {
        var leader = await Leader(ct);
        return Answering.First(replica => replica != leader);
    }

    /// <summary>Kills leaders until one is elected that is wanted.</summary>
    internal async Task UntilItLeads(int wanted, CancellationToken ct)
    {
        for (var election = 0; await Leader(ct) is var leader && leader != wanted; election++)
        {
            if (election == MostElections)
            {
                throw new InvalidOperationException($"Replica {wanted} was never elected.");
            }

            await Kill(leader);
            await Leader(ct);
            Run(leader);
            await UntilAllAreHealthy(ct);
        }
    }

    /// <summary>What <see cref="Far"/> says of itself on its own machine.</summary>
    internal async Task<string?> RoleThere(CancellationToken ct)
    {
        var (_, seen) = await elsewhere!.Curl(ct, $"{Addresses[Far]}/replicas");
        using var answer = JsonDocument.Parse(seen);
        return answer.RootElement.GetProperty("role").GetString();
    }

    /// <summary>The status code with which <see cref="Far"/> answers the operator on its own machine.</summary>
    internal async Task<string> AskThere(string path, CancellationToken ct, params string[] request) =>
        (
            await elsewhere!.Curl(
                ct,
                [
                    .. request,
                    "--header",
                    $"Authorization: Bearer {Token}",
                    "--output",
                    "/dev/null",
                    "--write-out",
                    "%{http_code}",
                    Addresses[Far] + path,
                ]
            )
        ).Output;

    /// <inheritdoc/>
    public virtual async ValueTask DisposeAsync()
    {
        await KillAll();
        Http.Dispose();
        Directory.Delete(root, recursive: true);
    }

    private bool IsFar(int replica) => elsewhere is not null && replica == Far;

    /// <summary>One that is free, of the machine on which the replica runs.</summary>
    private string AddressOf(int replica)
    {
        var host =
            elsewhere is null ? "localhost"
            : replica == Far ? elsewhere.There.ToString()
            : elsewhere.Here.ToString();
        return string.Create(CultureInfo.InvariantCulture, $"http://{host}:{FreePorts.Next()}");
    }

    private async Task<bool> IsHealthy(int replica)
    {
        try
        {
            using var answer = await Http.GetAsync(new Uri($"{Addresses[replica]}/health"));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
