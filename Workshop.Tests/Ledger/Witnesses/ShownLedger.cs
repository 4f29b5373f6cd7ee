using System.Globalization;
using System.Text.Json;
using LaboratoryBench.Processes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Workshop.Ledger.Blocks;
using Workshop.Ledger.Mechanism;
using Workshop.Ledger.Witnesses;

namespace Workshop.Tests.Ledger.Witnesses;

/// <summary>An operator that shows whatever lines it likes, by the routes that a witness asks.</summary>
internal sealed class ShownLedger : IAsyncDisposable
{
    private readonly WebApplication app;

    private volatile IReadOnlyList<byte[]> lines;

    private volatile TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ShownLedger(WebApplication app, IReadOnlyList<byte[]> lines) => (this.app, this.lines) = (app, lines);

    internal Uri Address { get; private init; } = null!;

    /// <summary>What witnesses handed in.</summary>
    internal List<JsonElement> Told { get; } = [];

    internal static async Task<ShownLedger> Start(IReadOnlyList<byte[]> lines)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePorts.Next()}");
        builder.WebHost.UseUrls(address);
        var shown = new ShownLedger(builder.Build(), lines) { Address = new(address) };
        shown.app.MapGet("/ledger", (long from) => shown.Look(from));
        shown.app.MapGet("/ledger/stream", (HttpContext http, int from) => shown.Stream(http, from));
        shown.app.MapPost("/ledger/witnesses", (JsonElement body) => shown.Take(body));
        await shown.app.StartAsync();
        return shown;
    }

    /// <summary>An honest ledger: rules, treasury, three members of which the first has a key, a batch, an exit.</summary>
    internal static IReadOnlyList<byte[]> Honest(string? key = null) =>
        Chain([
            .. Entries()
                .Select(entry => entry is RegistrationEntry { Name: "m00" } first ? first with { Key = key } : entry),
        ]);

    /// <summary>The entries in a chain of their own.</summary>
    internal static IReadOnlyList<byte[]> Chain(IEnumerable<Entry> entries)
    {
        var chain = new List<byte[]>();
        Block? head = null;
        foreach (var entry in entries)
        {
            head = Block.Make(
                (head?.Height ?? -1) + 1,
                entry,
                head?.Hash ?? Block.NoHash,
                "2026-11-23T03:28:40.123Z",
                out var line
            );
            chain.Add(line);
        }

        return chain;
    }

    internal static Entry[] EntriesIn(IEnumerable<byte[]> lines) => [.. lines.Select(line => BlockIn(line).Payload)];

    internal static Block BlockIn(byte[] line) =>
        Block.Parse(line.AsSpan(0, line.Length - 1), out var block) is { } reason
            ? throw new InvalidOperationException(reason)
            : block!;

    /// <summary>What an operator does who rewrites one block: the hashes of all behind it are made again.</summary>
    internal static IReadOnlyList<byte[]> Rewritten(IReadOnlyList<byte[]> lines, int height, Entry instead) =>
        Chain(EntriesIn(lines).Select((entry, index) => index == height ? instead : entry));

    /// <summary>From here on these lines are shown; whoever listens hears what is new.</summary>
    internal void Show(IReadOnlyList<byte[]> next)
    {
        lines = next;
        Interlocked.Exchange(ref changed, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync(new CancellationToken(canceled: true));
        await app.DisposeAsync();
    }

    private static IEnumerable<Entry> Entries()
    {
        var state = State.Empty;
        foreach (var entry in Consensus.Ledger.LedgerFolder.Entries())
        {
            var applied = (Applied)Transition.Apply(state, entry);
            state = applied.State;
            yield return applied.Entry;
        }
    }

    private IResult Look(long from)
    {
        var now = lines;
        return Results.Ok(
            new
            {
                blocks = now.Count,
                recent = now.Skip((int)from).Take(1).Select(line => JsonSerializer.Deserialize<JsonElement>(line)),
            }
        );
    }

    private async Task Stream(HttpContext http, int from)
    {
        await http.Response.Body.FlushAsync();
        while (!http.RequestAborted.IsCancellationRequested)
        {
            var next = changed;
            var now = lines;
            for (; from < now.Count; from++)
            {
                await http.Response.Body.WriteAsync(now[from]);
            }

            await http.Response.Body.FlushAsync();
            await next.Task.WaitAsync(http.RequestAborted);
        }
    }

    private IResult Take(JsonElement body)
    {
        lock (Told)
        {
            Told.Add(body);
        }

        var height = body.GetProperty("height").GetInt64();
        var now = lines;
        return
            height < now.Count
            && string.Equals(
                BlockIn(now[(int)height]).Hash,
                body.GetProperty("hash").GetString(),
                StringComparison.Ordinal
            )
            ? Results.Ok()
            : Results.Conflict();
    }
}

/// <summary>A witness over a folder of its own, which is there until the test ends.</summary>
internal sealed class WatchingWitness : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();

    private readonly HttpClient http;

    private readonly Task following;

    internal WatchingWitness(Uri address, string folder, WitnessKey? key, Microsoft.Extensions.Logging.ILogger logger)
    {
        http = LedgerSource.Client(address);
        Witness = new(
            new(folder, key is null ? null : "m00", key)
            {
                SignEvery = TimeSpan.FromMilliseconds(20),
                FirstPause = TimeSpan.FromMilliseconds(20),
                LongestPause = TimeSpan.FromMilliseconds(100),
                GossipEvery = TimeSpan.FromMilliseconds(50),
            },
            http,
            TimeProvider.System,
            logger
        );
        following = Task.Run(() => Witness.Follow(stop.Token));
    }

    internal Witness Witness { get; }

    /// <summary>Waits until it has come so far.</summary>
    internal async Task<WitnessStatus> Until(Func<WitnessStatus, bool> holds)
    {
        await Eventually.Holds(() => Task.FromResult(holds(Witness.Status)), CancellationToken.None);
        return Witness.Status;
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        http.Dispose();
        stop.Dispose();
    }
}
