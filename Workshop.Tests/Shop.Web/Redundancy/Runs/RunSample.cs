using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Shop.Web.Redundancy.Buyers;
using Shop.Web.Redundancy.Runs;

namespace Workshop.Tests.Shop.Web.Redundancy.Runs;

/// <summary>A run with one of everything: a killed primary, orders before and after it, and buyers without an answer.</summary>
internal static class RunSample
{
    /// <summary>The runs that a storefront with this data directory keeps.</summary>
    internal static RunFolder Folder(string data) =>
        new(
            new ConfigurationBuilder()
                .AddInMemoryCollection([KeyValuePair.Create("Workshop:DataDirectory", (string?)data)])
                .Build(),
            NullLogger<RunFolder>.Instance
        );

    internal static readonly DateTimeOffset Start = new(2026, 5, 4, 10, 0, 0, TimeSpan.Zero);

    internal static readonly global::Shop.Web.Redundancy.Failover Failover = new(
        Term: 2,
        At: Start.AddMilliseconds(5400),
        From: "postgres-1",
        To: "postgres-2",
        DetectMilliseconds: 200,
        FenceMilliseconds: 50,
        PromoteMilliseconds: 100,
        RerouteMilliseconds: 30,
        TotalMilliseconds: 380
    );

    internal static BuyerRun Ended(int fast = 40)
    {
        var run = new BuyerRun("sample", new(10, 15, FaultPlan.Of("kill-primary", seconds: 15))) { StartedAt = Start };
        run.NoteMode("synchronous");
        run.Note(new RunFault(5050, "kill", "postgres-1", new string('a', 32), "kill-primary"));
        run.Note(Failover);
        run.Remarks("postgres-1 was killed 5 s into the run.");
        for (var n = 0; n < fast; n++)
        {
            run.End(Bought(n * 100, 8 + n, retried: false, $"shop-api-{1 + (n % 2)}"));
        }

        for (var n = 0; n < 3; n++)
        {
            run.End(Bought(5100 + (n * 10), 400, retried: true, "shop-api-1"));
        }

        run.End(
            new(
                "key",
                "user-0",
                5200,
                30_000,
                Outcome.Unknown,
                OrderId: null,
                "The shop is not answering right now. Try again in a moment."
            )
        );
        run.End(new("key", "user-0", 6000, 12, Outcome.Refused, OrderId: null, "=Sold \"out\"", Server: "shop-api-2"));
        run.Note(new RunMoment(0, "postgres-1", InSync: true, Parts("up:primary", "up:standby")));
        run.Note(new RunMoment(50, "postgres-1", InSync: true, Parts("up:primary", "up:standby")));
        run.Note(new RunMoment(5400, "postgres-2", InSync: false, Parts("down:none", "up:primary")));
        run.Note(new RunMoment(9000, "postgres-2", InSync: true, Parts("up:standby", "up:primary")));
        run.Note(new RunMoment(16_000, "postgres-2", InSync: true, Parts("up:standby", "up:primary")), isLast: true);
        run.Events = RunEvent.Of(
            Start,
            [
                new(Start.AddMilliseconds(5250), 40, "Failover", "Fence postgres-1"),
                new(Start.AddMilliseconds(-10), 44, "Armed", Detail: null),
            ]
        );
        var journal = run.Journal;
        run.Verdict = Verdict.Of(
            journal,
            [
                .. journal
                    .Where(one => one.OrderId is not null)
                    .Select(one => new FoundOrder(one.OrderId!.Value, one.UserId)),
            ],
            sold: fast + 3,
            (100, 100 - fast - 3)
        );
        run.Measurement = Measurement.Of(Start, run.Mode, run.Plan, run.FaultsMade, journal, run.Verdict, [Failover]);
        return run;
    }

    /// <summary>The same with naive buyers beside: some got errors, and the order of one of those exists.</summary>
    internal static RunRecord WithNaive(int number = 7)
    {
        var run = Ended();
        var naive = Enumerable
            .Range(0, 30)
            .Select(n =>
                n < 20
                    ? Bought(n * 250, 10 + n, retried: false, "shop-api-1") with
                    {
                        Naive = true,
                        UserId = "naive-0",
                    }
                    : new Purchase("", "naive-0", n * 250, 3, Outcome.Unknown, null, "No answer.", Naive: true)
            )
            .ToList();
        naive.ForEach(run.End);
        List<FoundOrder> found = [.. naive.Take(20).Select(one => new FoundOrder(one.OrderId!.Value, "naive-0"))];
        var verdict = Verdict.Of(naive, [.. found, new(Guid.NewGuid(), "naive-0")], sold: 0, stock: null);
        run.Contrast = new(
            "shop-api-1",
            verdict,
            Measurement.Of(Start, run.Mode, run.Plan, run.FaultsMade, naive, verdict, [Failover])
        );
        return RunRecord.Of(number, run);
    }

    internal static RunRecord Record(int number = 7, int fast = 40) => RunRecord.Of(number, Ended(fast));

    private static IReadOnlyList<RunPart> Parts(params string[] databases) =>
        [
            new("shop-api-1", "server", "up", Role: null),
            new("shop-api-2", "server", "up", Role: null),
            .. databases.Select(
                (said, n) => new RunPart($"postgres-{n + 1}", "database", said.Split(':')[0], said.Split(':')[1])
            ),
        ];

    /// <summary>How many marks a path draws: each shape has a stroke that no other has.</summary>
    internal static int MarksOf(string outcome, string path) =>
        path.Split(
            outcome switch
            {
                Outcomes.Acknowledged => "h0",
                Outcomes.NoAnswer => "m0-8",
                _ => "z",
            }
        ).Length - 1;

    private static Purchase Bought(double at, double latency, bool retried, string server) =>
        new("key", "user-1", at, latency, Outcome.Acknowledged, Guid.NewGuid(), Reason: null, retried, server);
}
