using System.Globalization;
using System.Text.Json;
using Consensus;
using Consensus.Clients;
using CsCheck;
using LaboratoryBench.Processes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Workshop.Ledger.Mechanism;
using Workshop.Ledger.Networks;
using Workshop.ServiceDefaults.Loops;
using Xunit;

namespace Workshop.Tests.Consensus.Clients;

/// <summary>Many threads at one coalescer, under random delays: each row gets its own answer.</summary>
public sealed class RequestCoalescerSchedulesTests
{
    private const int Rows = 96;

    private const int Rounds = 12;

    /// <summary>A petal's width in tenths of a millimetre, which the stub answers as a probability.</summary>
    private const int Widths = 25;

    private static readonly string[] Labels = ["setosa", "versicolor", "virginica"];

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_row_gets_the_answer_to_itself_and_two_requests_at_most_are_under_way()
    {
        var underWay = 0;
        var most = 0;
        await using var stub = await StubMember.Start(async context =>
        {
            var now = Interlocked.Increment(ref underWay);
            InterlockedMax(ref most, now);
            var widths = await WidthsOf(context.Request);
            await Task.Delay(widths[0] % 5, Ct);
            Interlocked.Decrement(ref underWay);
            await context.Response.WriteAsync(Answer(widths));
        });
        var configuration = new ConfigurationBuilder().Build();
        using var connections = new PredictorConnections(configuration, []);
        var options = Options.Create(new ConsensusOptions { MemberDeadline = TimeSpan.FromSeconds(20) });
        var transport = new PredictorTransport(connections, options, TimeProvider.System);
        var schema = Schema.Find("iris")!;

        await Gen.Select(Gen.Int[1, Widths].Array[Rows], Gen.Int[0, 3].Array[Rows])
            .SampleAsync(
                async (widths, spins) =>
                {
                    var coalescer = new RequestCoalescer(
                        new InferenceV2Client(stub.Url, schema, transport),
                        transport,
                        TimeSpan.FromMilliseconds(3),
                        new(TimeProvider.System, NullLogger<Background>.Instance),
                        TimeProvider.System
                    );
                    var answered = Task.WhenAll(
                        widths.Select((width, index) => Task.Run(() => Ask(coalescer, schema, width, spins[index])))
                    );
                    // A row that nobody answers is a fault, not a wait.
                    var replies = await answered.WaitAsync(Limit, Ct);

                    for (var row = 0; row < Rows; row++)
                    {
                        Assert.Null(replies[row].Miss);
                        Assert.Equal(ProbabilityOf(widths[row]), replies[row].Answer[0]);
                    }
                },
                iter: Rounds,
                threads: 1
            );

        Assert.InRange(most, 1, 2);
    }

    private static Task<Reply> Ask(RequestCoalescer coalescer, Schema schema, int width, int spins)
    {
        Thread.SpinWait(spins * 200);
        var row = string.Create(CultureInfo.InvariantCulture, $"5.1,3.5,1.4,{width / 10m:0.0}");
        return coalescer.Ask(RowQuestion.Of(schema, row), CancellationToken.None);
    }

    private static long ProbabilityOf(int width) => width * Units.Million / (Widths * 10);

    private static async Task<int[]> WidthsOf(HttpRequest request)
    {
        if (!HttpMethods.IsPost(request.Method))
        {
            return [Tenths(decimal.Parse(request.Query["petalWidth"]!, CultureInfo.InvariantCulture))];
        }

        using var body = await JsonDocument.ParseAsync(request.Body);
        var column = body
            .RootElement.GetProperty("inputs")
            .EnumerateArray()
            .Single(input => input.GetProperty("name").ValueEquals("petalWidth"));
        return [.. column.GetProperty("data").EnumerateArray().Select(cell => Tenths(cell.GetDecimal()))];
    }

    private static int Tenths(decimal width) => (int)(width * 10);

    private static string Answer(int[] widths) =>
        JsonSerializer.Serialize(
            new
            {
                outputs = new[]
                {
                    new
                    {
                        name = "probabilities",
                        shape = new[] { widths.Length, 3 },
                        datatype = "FP64",
                        data = widths.SelectMany(width => Row(width / (double)(Widths * 10))).ToArray(),
                        parameters = new { labels = Labels },
                    },
                },
            }
        );

    private static double[] Row(double first) => [first, 1 - first, 0];

    private static void InterlockedMax(ref int target, int value)
    {
        var seen = Volatile.Read(ref target);
        while (seen < value && Interlocked.CompareExchange(ref target, value, seen) is var before && before != seen)
        {
            seen = before;
        }
    }
}
