using System.Diagnostics;
using System.Globalization;
using System.Text;
using Workshop.Figures;

namespace Consensus.Bench;

/// <summary>
/// Latency of a consensus of six beside one member alone, and beside the limit: a client that itself asks all six at once
/// and throws the answers away. In turns, so that all see the same machine.
/// </summary>
internal static class PredictBench
{
    private const string Query = "/predict?sepalLength=5.9&sepalWidth=3.0&petalLength=4.2&petalWidth=1.5";

    private const string Marker = "bench/consensus predict";

    /// <summary>Until the compiler of eight processes rests; what it still does would count as theirs.</summary>
    private const int WarmUps = 10_000;

    private const int QueriesPerRound = 200;

    private const int Rounds = 15;

    private const double WantedRatio = 2;

    private const double WantedMilliseconds99 = 25;

    private static readonly HttpClient Client = new();

    private static readonly int[] Callers = [1, 8, 32];

    internal static async Task<int> Run(bool write, CancellationToken ct)
    {
        await using var crowd = await Crowd.Start(ct);
        var (members, consensus) = (crowd.Members, crowd.Consensus);
        Contender[] contenders =
        [
            new("one member", () => Ask(members[1], ct)),
            new("limit: six asked at once", () => Task.WhenAll(members.Select(at => Ask(at, ct)))),
            new("consensus of six", () => Ask(consensus, ct)),
        ];
        var table = new StringBuilder();
        table.AppendLine(
            "| callers | who | p50 ms | p99 ms | answers/s | p50 : one member | p50 : limit | µs of processor: consensus | members | client |"
        );
        table.AppendLine("| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (var callers in Callers)
        {
            var measured = await Measure(crowd, contenders, callers);
            foreach (var (contender, own) in contenders.Zip(measured))
            {
                table.Append(CultureInfo.InvariantCulture, $"| {callers} | {contender.Name} | {own.P50:0.00} ");
                table.Append(CultureInfo.InvariantCulture, $"| {own.P99:0.00} | {own.PerSecond:0} ");
                table.Append(CultureInfo.InvariantCulture, $"| {own.P50 / measured[0].P50:0.0} ");
                table.Append(CultureInfo.InvariantCulture, $"| {own.P50 / measured[1].P50:0.0} ");
                table.Append(CultureInfo.InvariantCulture, $"| {own.Work.Consensus:0} | {own.Work.Members:0} ");
                table.AppendLine(CultureInfo.InvariantCulture, $"| {own.Work.Client:0} |");
            }
        }

        table.AppendLine();
        table.Append(
            CultureInfo.InvariantCulture,
            $"Wanted with one caller: p50 at most {WantedRatio} x one member's, "
        );
        table.AppendLine(CultureInfo.InvariantCulture, $"p99 at most {WantedMilliseconds99} ms.");
        table.Append(CultureInfo.InvariantCulture, $"{Rounds} rounds of {QueriesPerRound} queries each in turn, ");
        table.AppendLine(
            CultureInfo.InvariantCulture,
            $"{Environment.ProcessorCount} cores for all eight processes and the client."
        );
        Console.Write(table);
        if (write)
        {
            FigureDocument.Write("performance.md", Marker, table.ToString());
        }

        return 0;
    }

    private static async Task<Latency[]> Measure(Crowd crowd, Contender[] contenders, int callers)
    {
        var times = contenders.Select(_ => new List<double>()).ToArray();
        var busy = new TimeSpan[contenders.Length];
        var work = contenders.Select(_ => Work.None).ToArray();
        foreach (var contender in contenders)
        {
            await Burst(contender, callers, WarmUps);
        }

        for (var round = 0; round < Rounds; round++)
        {
            for (var index = 0; index < contenders.Length; index++)
            {
                var before = Work.Now(crowd);
                var watch = Stopwatch.StartNew();
                times[index].AddRange(await Burst(contenders[index], callers, QueriesPerRound * callers));
                busy[index] += watch.Elapsed;
                work[index] += Work.Now(crowd) - before;
            }
        }

        return
        [
            .. Enumerable
                .Range(0, contenders.Length)
                .Select(index => Latency.Of(times[index], busy[index], work[index])),
        ];
    }

    /// <summary>So many queries by so many callers, each with one at a time.</summary>
    private static async Task<IEnumerable<double>> Burst(Contender contender, int callers, int queries)
    {
        var each = queries / callers;
        var times = await Task.WhenAll(
            Enumerable
                .Range(0, callers)
                .Select(_ =>
                    Task.Run(async () =>
                    {
                        var own = new double[each];
                        for (var query = 0; query < each; query++)
                        {
                            var started = Stopwatch.GetTimestamp();
                            await contender.Ask();
                            own[query] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
                        }

                        return own;
                    })
                )
        );
        return times.SelectMany(own => own);
    }

    private static async Task Ask(Uri address, CancellationToken ct)
    {
        using var response = await Client.GetAsync(new Uri(address, Query), ct);
        response.EnsureSuccessStatusCode();
    }

    private sealed record Contender(string Name, Func<Task> Ask);

    /// <summary>Processor time, in microseconds: unlike a latency it does not know who else uses the machine.</summary>
    private sealed record Work(double Consensus, double Members, double Client)
    {
        internal static Work None { get; } = new(0, 0, 0);

        internal static Work Now(Crowd crowd)
        {
            var (consensus, members) = crowd.ProcessorTime();
            return new(
                consensus.TotalMicroseconds,
                members.TotalMicroseconds,
                Environment.CpuUsage.TotalTime.TotalMicroseconds
            );
        }

        public static Work operator +(Work one, Work other) =>
            new(one.Consensus + other.Consensus, one.Members + other.Members, one.Client + other.Client);

        public static Work operator -(Work one, Work other) =>
            new(one.Consensus - other.Consensus, one.Members - other.Members, one.Client - other.Client);

        public static Work operator /(Work one, int queries) =>
            new(one.Consensus / queries, one.Members / queries, one.Client / queries);
    }

    private sealed record Latency(double P50, double P99, double PerSecond, Work Work)
    {
        internal static Latency Of(List<double> times, TimeSpan busy, Work work)
        {
            times.Sort();
            return new(At(times, 0.50), At(times, 0.99), times.Count / busy.TotalSeconds, work / times.Count);
        }

        private static double At(List<double> sorted, double share) => sorted[(int)(share * (sorted.Count - 1))];
    }
}
