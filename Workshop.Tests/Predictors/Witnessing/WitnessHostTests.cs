using System.Net.Http.Json;
using System.Text.Json;
using LaboratoryBench.Processes;
using Workshop.Tests.Consensus;
using Workshop.Tests.Ledger.Witnesses;
using Xunit;

namespace Workshop.Tests.Predictors.Witnessing;

/// <summary>A predictor follows the ledger of its consensus by itself.</summary>
public sealed class WitnessHostTests : IDisposable
{
    private readonly string folder = TestFolders.Create("predictor-witness");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_predictor_registers_its_key_and_signs_the_ledger_of_its_consensus()
    {
        await using var consensus = new ConsensusFixture();
        var port = FreePorts.Next();
        consensus.UseKestrel(options => options.ListenLocalhost(port));
        consensus.StartServer();
        await using var member = await Start(
            $"http://localhost:{port}",
            ("Workshop:OperatorToken", ConsensusFixture.Token)
        );
        JsonElement witness = default;
        await Eventually.Holds(
            async () =>
            {
                var all = await consensus.Get("/ledger/witnesses");
                witness = all.EnumerateArray().FirstOrDefault();
                return witness.ValueKind == JsonValueKind.Object
                    && witness.GetProperty("height").ValueKind == JsonValueKind.Number;
            },
            Stop
        );
        var own = await member.Client.GetFromJsonAsync<JsonElement>("/ledger/witness", Stop);

        Assert.Equal("predictor-bayes", witness.GetProperty("name").GetString());
        Assert.Equal(own.GetProperty("key").GetString(), witness.GetProperty("key").GetString());
        Assert.Equal(JsonValueKind.Null, own.GetProperty("conflict").ValueKind);
        Assert.True(own.GetProperty("replayed").GetInt64() > 0);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite,
                File.GetUnixFileMode(Path.Combine(folder, "witness.key"))
            );
        }
    }

    [Fact]
    public async Task It_tells_by_a_route_of_its_own_what_it_refused_to_sign()
    {
        var lines = ShownLedger.Honest();
        await using var shown = await ShownLedger.Start(lines);
        string? key;
        await using (var first = await Start(shown.Address.ToString()))
        {
            await Eventually.Holds(
                async () => (await Own(first)).GetProperty("height").ValueKind == JsonValueKind.Number,
                Stop
            );
            key = (await Own(first)).GetProperty("key").GetString();
        }

        shown.Show(ShownLedger.Rewritten(lines, 1, new Workshop.Ledger.Mechanism.TreasuryEntry(2000_00)));
        await using var second = await Start(shown.Address.ToString());
        await Eventually.Holds(
            async () => (await Own(second)).GetProperty("conflict").ValueKind == JsonValueKind.Object,
            Stop
        );
        var own = await Own(second);

        Assert.Equal(key, own.GetProperty("key").GetString());
        Assert.Equal(
            ("rewritten", 1L),
            (
                own.GetProperty("conflict").GetProperty("kind").GetString(),
                own.GetProperty("conflict").GetProperty("height").GetInt64()
            )
        );
        Assert.Equal(ShownLedger.BlockIn(lines[^1]).Hash, own.GetProperty("hash").GetString());
    }

    [Fact]
    public async Task Without_a_consensus_there_is_nothing_to_witness()
    {
        await using var member = new PredictorServer("bayes", folder);
        using var answer = await member.Client.GetAsync(new Uri("/ledger/witness", UriKind.Relative), Stop);

        Assert.Equal(System.Net.HttpStatusCode.NotFound, answer.StatusCode);
        Assert.False(File.Exists(Path.Combine(folder, "witness.key")));
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static Task<JsonElement> Own(PredictorServer member) =>
        member.Client.GetFromJsonAsync<JsonElement>("/ledger/witness", Stop);

    private Task<PredictorServer> Start(string consensus, params (string, string)[] more) =>
        new PredictorServer(
            "bayes",
            folder,
            [
                ("services:consensus:http:0", consensus),
                ("OTEL_SERVICE_NAME", "predictor-bayes"),
                ("Predictor:WitnessAfter", "00:00:00"),
                ("Predictor:SignEvery", "00:00:00.050"),
                .. more,
            ]
        ).Ready();
}
