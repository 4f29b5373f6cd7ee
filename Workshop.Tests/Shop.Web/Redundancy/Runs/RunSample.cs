using Shop.Web.Redundancy;
using Shop.Web.Redundancy.Buyers;
using Shop.Web.Redundancy.Runs;

namespace Workshop.Tests.Shop.Web.Redundancy.Runs;

/// <summary>A run with one of everything: a killed primary, orders before and after it, and buyers without an answer.</summary>
internal static class RunSample
{
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
        var run = new BuyerRun("sample", new(10, 15, PlannedFault.All[1], 5))
        {
            StartedAt = Start,
            Fault = new(5050, "kill", "postgres-1", new string('a', 32)),
            Remark = "postgres-1 was killed 5 s into the run.",
        };
        for (var n = 0; n < fast; n++)
        {
            run.Begin();
            run.End(Bought(n * 100, 8 + n, retried: false, $"shop-api-{1 + (n % 2)}"));
        }

        for (var n = 0; n < 3; n++)
        {
            run.Begin();
            run.End(Bought(5100 + (n * 10), 400, retried: true, "shop-api-1"));
        }

        run.Begin();
        run.End(new("key", "user-0", 5200, 30_000, Outcome.Unknown, OrderId: null, "Its servers are not answering."));
        run.Begin();
        run.End(new("key", "user-0", 6000, 12, Outcome.Refused, OrderId: null, "=Sold \"out\"", Server: "shop-api-2"));
        run.Note(new(0, "postgres-1", InSync: true));
        run.Note(new(50, "postgres-1", InSync: true));
        run.Note(new(5400, "postgres-2", InSync: false));
        run.Note(new(9000, "postgres-2", InSync: true));
        run.Note(new(16_000, "postgres-2", InSync: true), isLast: true);
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
        run.Measurement = Measurement.Of(Start, "synchronous", run.Plan, journal, run.Verdict, Failover);
        return run;
    }

    internal static RunRecord Record(int number = 7, int fast = 40) =>
        RunRecord.Of(number, Ended(fast), "synchronous", Failover);

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
