using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Workshop.Tests.Fixtures;

namespace Workshop.Tests.Consensus.Replicas;

/// <summary>Consensus services as processes of their own, which can be killed like one, and members that answer.</summary>
internal sealed class ReplicaGroup : IAsyncDisposable
{
    internal const string Secret = "a secret of the replicas";

    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(30);

    private readonly string root = TestFolders.Create("replicas");

    private readonly Dictionary<int, ReplicaProcess> running = [];

    private readonly HttpClient http = new() { Timeout = RequestTimeout };

    private readonly StubMember[] members;

    /// <summary>Of every start.</summary>
    private (string Name, string Value)? Setting { get; init; }

    /// <summary>Where the last replica keeps its data; null for a folder beside the others'.</summary>
    private string? LastFolder { get; init; }

    private ReplicaGroup(int count, StubMember[] members)
    {
        this.members = members;
        Addresses =
        [
            .. Enumerable
                .Range(0, count)
                .Select(_ => string.Create(CultureInfo.InvariantCulture, $"http://localhost:{FreePorts.Next()}")),
        ];
        http.DefaultRequestHeaders.Authorization = new("Bearer", ConsensusFixture.Token);
    }

    /// <summary>Where the replicas answer.</summary>
    internal IReadOnlyList<string> Addresses { get; }

    /// <summary>The last replica.</summary>
    internal int Last => Addresses.Count - 1;

    /// <summary>Sends with the operator token.</summary>
    internal HttpClient Http => http;

    /// <summary>Starts all, and registers two members.</summary>
    internal static async Task<ReplicaGroup> Start(
        CancellationToken ct,
        int count = 3,
        (string Name, string Value)? setting = null,
        string? lastFolder = null
    )
    {
        var group = new ReplicaGroup(
            count,
            [await StubMember.Start(StubMember.Well), await StubMember.Start(StubMember.Well)]
        )
        {
            Setting = setting,
            LastFolder = lastFolder,
        };
        for (var replica = 0; replica < count; replica++)
        {
            group.Run(replica);
        }

        await group.UntilAllAreHealthy(ct);
        await group.UntilOneWrites(ct);
        foreach (var (index, member) in group.members.Index())
        {
            await group.Register($"member-{index}", member.Url, ct);
        }

        return group;
    }

    /// <summary>The folder of a replica.</summary>
    internal string FolderOf(int replica) =>
        replica == Last && LastFolder is { } own
            ? own
            : Path.Combine(root, replica.ToString(CultureInfo.InvariantCulture));

    /// <summary>The ledger of a replica as it is on its disk.</summary>
    internal byte[] LedgerOf(int replica) => ReadShared(Path.Combine(FolderOf(replica), "ledger.jsonl"));

    /// <summary>Starts a replica.</summary>
    internal Process Run(int replica, params (string Name, string Value)[] settings)
    {
        Directory.CreateDirectory(FolderOf(replica));
        var process = ReplicaProcess.Start(
            Addresses,
            replica,
            FolderOf(replica),
            Setting is { } always ? [.. settings, always] : settings
        );
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

    /// <summary>Waits until every replica that runs has a ledger.</summary>
    internal Task UntilAllAreHealthy(CancellationToken ct) =>
        Eventually.Holds(async () => (await Task.WhenAll(Answering.Select(IsHealthy))).All(is200 => is200), ct);

    /// <summary>How a replica stands; null where it does not answer.</summary>
    internal async Task<JsonElement?> Look(int replica)
    {
        try
        {
            return await http.GetFromJsonAsync<JsonElement>($"{Addresses[replica]}/replicas");
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>Which replica leads; -1 while none does.</summary>
    internal async Task<int> LeaderNow()
    {
        foreach (var replica in Answering.ToArray())
        {
            if (await Look(replica) is { } seen && seen.GetProperty("role").GetString() is "leader")
            {
                return replica;
            }
        }

        return -1;
    }

    /// <summary>Waits for a replica that leads.</summary>
    /// <returns>Which.</returns>
    internal async Task<int> Leader(CancellationToken ct)
    {
        var leader = -1;
        await Eventually.Holds(async () => (leader = await LeaderNow()) >= 0, ct);
        return leader;
    }

    /// <summary>One that runs and does not lead.</summary>
    internal async Task<int> Follower(CancellationToken ct)
    {
        var leader = await Leader(ct);
        return Answering.First(replica => replica != leader);
    }

    /// <summary>Waits until all that run have the same blocks.</summary>
    /// <returns>How many.</returns>
    internal async Task<long> UntilAllAreEqual(CancellationToken ct)
    {
        var blocks = 0L;
        await Eventually.Holds(
            async () =>
            {
                var seen = await Task.WhenAll(Answering.Select(Look));
                if (!Array.TrueForAll(seen, one => one is not null))
                {
                    return false;
                }

                blocks = seen[0]!.Value.GetProperty("blocks").GetInt64();
                return seen.Select(one => one!.Value.GetProperty("head").GetString())
                        .Distinct(StringComparer.Ordinal)
                        .Count() == 1;
            },
            ct
        );
        return blocks;
    }

    private IEnumerable<int> Answering => running.Keys.Where(replica => !running[replica].IsAway);

    private async Task UntilOneWrites(CancellationToken ct)
    {
        if (Addresses.Count > 1)
        {
            await Leader(ct);
        }
    }

    /// <summary>As a member does: 503 is tried again, and 409 is its own name, which an earlier try has stored.</summary>
    private Task Register(string name, string url, CancellationToken ct) =>
        Eventually.Holds(
            async () =>
            {
                var body = new
                {
                    name,
                    url,
                    declaredAccuracy = 0.9,
                    protocol = "v2",
                };
                using var answer = await http.PostAsJsonAsync($"{Addresses[0]}/predictors", body, ct);
                return answer.StatusCode is HttpStatusCode.Created or HttpStatusCode.Conflict;
            },
            ct
        );

    private async Task<bool> IsHealthy(int replica)
    {
        try
        {
            using var answer = await http.GetAsync($"{Addresses[replica]}/health");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static byte[] ReadShared(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAll();
        foreach (var member in members)
        {
            await member.DisposeAsync();
        }

        http.Dispose();
        Directory.Delete(root, recursive: true);
    }
}
