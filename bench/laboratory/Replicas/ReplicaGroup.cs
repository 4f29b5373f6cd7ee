using System.Net;
using System.Net.Http.Json;
using LaboratoryBench.Processes;

namespace LaboratoryBench.Replicas;

/// <summary>Consensus services that keep one ledger, and members that answer.</summary>
internal sealed class ReplicaGroup : ReplicaProcesses
{
    private readonly StubMember[] members;

    private ReplicaGroup(int count, StubMember[] members, NetworkNamespace? elsewhere = null)
        : base(Path.Combine(AppContext.BaseDirectory, "Consensus.dll"), count, elsewhere) => this.members = members;

    /// <summary>The last replica.</summary>
    internal int Last => Addresses.Count - 1;

    /// <summary>Of every start.</summary>
    private (string Name, string Value)? Setting { get; init; }

    /// <summary>Where the last replica keeps its data; null for a folder beside the others'.</summary>
    private string? LastFolder { get; init; }

    protected override IEnumerable<(string Name, string Value)> Settings => Setting is { } always ? [always] : [];

    /// <summary>Starts all, and registers two members.</summary>
    internal static async Task<ReplicaGroup> Start(
        CancellationToken ct,
        int count = 3,
        (string Name, string Value)? setting = null,
        string? lastFolder = null
    )
    {
        var group = new ReplicaGroup(count, await Members()) { Setting = setting, LastFolder = lastFolder };
        return await group.OnceReady(async () =>
        {
            await group.RunAll(ct);
            await group.UntilOneWrites(ct);
            await group.RegisterMembers(ct);
        });
    }

    /// <summary>Starts two here and one on another machine, which leads and asks members that are here.</summary>
    internal static async Task<ReplicaGroup> StartAcross(NetworkNamespace elsewhere, CancellationToken ct)
    {
        var group = new ReplicaGroup(Far + 1, await Members(elsewhere.Here.ToString()), elsewhere)
        {
            Setting = ("Consensus__MemberNetworks__0", elsewhere.Network.ToString()),
        };
        return await group.OnceReady(async () =>
        {
            await group.RunAll(ct);
            await group.UntilItLeads(Far, ct);
            await group.RegisterMembers(ct);
        });
    }

    internal override string FolderOf(int replica) =>
        replica == Last && LastFolder is { } own ? own : base.FolderOf(replica);

    /// <summary>The ledger of a replica as it is on its disk.</summary>
    internal byte[] LedgerOf(int replica) => ReadShared(Path.Combine(FolderOf(replica), "ledger.jsonl"));

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

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        foreach (var member in members)
        {
            await member.DisposeAsync();
        }
    }

    private async Task UntilOneWrites(CancellationToken ct)
    {
        if (Addresses.Count > 1)
        {
            await Leader(ct);
        }
    }

    private static async Task<StubMember[]> Members(string host = StubMember.Loopback) =>
        [await StubMember.Start(StubMember.Well, host), await StubMember.Start(StubMember.Well, host)];

    private async Task RegisterMembers(CancellationToken ct)
    {
        foreach (var (index, member) in members.Index())
        {
            await Register($"member-{index}", member.Url, ct);
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
                using var answer = await Http.PostAsJsonAsync($"{Addresses[0]}/predictors", body, ct);
                return answer.StatusCode is HttpStatusCode.Created or HttpStatusCode.Conflict;
            },
            ct
        );

    private static byte[] ReadShared(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }
}
