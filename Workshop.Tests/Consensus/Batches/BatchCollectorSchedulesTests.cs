using System.Globalization;
using Consensus.Batches;
using Consensus.Ledger;
using CsCheck;
using LaboratoryBench.Processes;
using Microsoft.Extensions.DependencyInjection;
using Workshop.Ledger.Mechanism;
using Workshop.Ledger.Networks;
using Xunit;

namespace Workshop.Tests.Consensus.Batches;

/// <summary>Single questions from many threads, batches that are closed early and whole batches between them.</summary>
public sealed class BatchCollectorSchedulesTests
{
    private const int Questions = 60;

    private const int Rounds = 6;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_question_is_settled_in_one_batch_and_in_one_alone()
    {
        await using var ann = await StubMember.Start(StubMember.Well);
        await using var fixture = new ConsensusFixture()
            .With("Consensus:GatherRows", "7")
            .With("Consensus:GatheredBatchesPerSecond", "1000")
            .With("Consensus:GatherTime", "00:00:00.100");
        await fixture.Register("ann", ann.Url);
        var collector = fixture.Services.GetRequiredService<BatchCollector>();
        var runner = fixture.Services.GetRequiredService<BatchRunner>();
        var chain = fixture.Services.GetRequiredService<LedgerChain>();
        var schema = Schema.Find("iris")!;
        var asked = new List<string>();
        await Gen.Int[0, 19]
            .Array[Questions]
            .SampleAsync(
                async moves =>
                {
                    var lines = moves.Select((_, index) => Line(asked.Count + index)).ToArray();
                    asked.AddRange(lines);
                    await Task.WhenAll(
                            moves.Select(
                                (move, index) => Task.Run(() => Move(collector, runner, schema, move, lines[index]))
                            )
                        )
                        .WaitAsync(TimeSpan.FromSeconds(10), Ct);
                },
                iter: Rounds,
                threads: 1
            );
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        string[] settled;
        while ((settled = Settled(chain)).Length < asked.Count)
        {
            collector.CloseNow(schema);
            await Task.Delay(20, patience.Token);
        }

        Assert.Equal(asked.Order(StringComparer.Ordinal), settled.Order(StringComparer.Ordinal));
        Assert.True((await fixture.Get("/ledger/verify")).GetProperty("valid").GetBoolean());
    }

    private static async Task Move(BatchCollector collector, BatchRunner runner, Schema schema, int move, string line)
    {
        Thread.SpinWait(move * 100);
        collector.Ask(schema, line);
        if (move == 0)
        {
            collector.CloseNow(schema);
        }
        else if (move == 1)
        {
            await runner.Run(schema, [], 3, intent: null, Ct);
        }
    }

    /// <summary>Rows that no held-out row is like, each another.</summary>
    private static string Line(int number) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"4.3{number % 10},2.0{number / 10 % 10},1.0{number / 100 % 10},0.123"
        );

    private static string[] Settled(LedgerChain chain) =>
        [
            .. Enumerable
                .Range(0, (int)chain.Now.Count)
                .Select(height => chain.ReadBlock(height)!.Payload)
                .OfType<BatchEntry>()
                .SelectMany(batch => batch.Rows)
                .Where(row => row.EndsWith(",0.123", StringComparison.Ordinal)),
        ];
}
