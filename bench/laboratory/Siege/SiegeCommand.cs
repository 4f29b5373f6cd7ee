using System.Globalization;
using System.Text;
using LaboratoryBench.Processes;
using Workshop.Figures;

namespace LaboratoryBench.Siege;

/// <summary>
/// <c>dotnet run --project bench/laboratory -- siege [attack ...]</c>: honest buyers and questions before, during and after each
/// attack of docs/security.md, at its first strength and at ten times it, on a whole workshop of its own on loopback. The
/// table is written into that document.
/// </summary>
internal static class SiegeCommand
{
    private const string Mark = "siege";

    private static readonly TimeSpan Before = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan During = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan After = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private static readonly int[] Strengths = [1, 10];

    /// <summary>Lays siege, prints, and writes the document.</summary>
    /// <param name="args">Names of attacks; all when there is none.</param>
    /// <returns>0 when no honest request failed and every service is there at the end; 1 otherwise; 2 for a wrong name.</returns>
    public static async Task<int> Run(string[] args)
    {
        if (args.FirstOrDefault(name => !Attacks.All.ContainsKey(name)) is { } unknown)
        {
            await Console.Error.WriteLineAsync(
                $"error: {unknown} is not known: {string.Join(", ", Attacks.All.Keys)}."
            );
            return 2;
        }

        var load = MachineLoad.Now();
        await using var workshop = await WorkshopProcess.Start(CancellationToken.None);
        await using var honest = await Honest.Start(workshop);
        // What is warm is as fast as what follows.
        await honest.Watch(Before);
        var table = new StringBuilder(
            """
            Orders a second and predictions' p99 in milliseconds, each before, during and after.

            | attack | strength | orders | p99 | honest requests failed | the attacker heard |
            | --- | ---: | --- | --- | ---: | --- |

            """
        );
        var failed = 0;
        foreach (var name in args.Length > 0 ? args : [.. Attacks.All.Keys])
        {
            foreach (var strength in Strengths)
            {
                var (row, failures) = await Take(name, strength, workshop, honest);
                Console.WriteLine(row);
                table.AppendLine(row);
                failed += failures;
            }
        }

        var dead = await Dead(workshop);
        table.AppendLine();
        table.AppendLine(
            CultureInfo.InvariantCulture,
            $"Services that ended: {dead}. {TimeProvider.System.GetUtcNow():yyyy-MM-dd HH:mm} UTC, 2 buyers and 2 who ask, load average {load} before, {MachineLoad.Now()} after."
        );
        if (args.Length == 0)
        {
            FigureDocument.Write("security.md", Mark, table.ToString());
        }

        return failed + dead == 0 ? 0 : 1;
    }

    private static async Task<(string Row, int Failures)> Take(
        string name,
        int strength,
        WorkshopProcess workshop,
        Honest honest
    )
    {
        var before = await honest.Watch(Before);
        using var stop = new CancellationTokenSource();
        var attack = Attacks.All[name](workshop, strength, stop.Token);
        await Task.Delay(Pause);
        var during = await honest.Watch(During);
        await stop.CancelAsync();
        var heard = await attack;
        await Task.Delay(Pause);
        var after = await honest.Watch(After);
        Sight[] all = [before, during, after];
        var failures = all.Sum(sight => sight.Failures);
        return (
            string.Create(
                CultureInfo.InvariantCulture,
                $"| {name} | {strength} | {string.Join(", ", all.Select(sight => sight.OrdersPerSecond.ToString("0", CultureInfo.InvariantCulture)))} | {string.Join(", ", all.Select(sight => sight.PredictionP99.ToString("0", CultureInfo.InvariantCulture)))} | {failures} | {heard} |"
            ),
            failures
        );
    }

    private static async Task<int> Dead(WorkshopProcess workshop) =>
        (await workshop.Resources(CancellationToken.None))
            .EnumerateArray()
            .Count(resource =>
                resource.GetProperty("state").GetString() is "Exited" or "Failed"
                && !resource.GetProperty("name").ValueEquals("shop-migrations")
            );
}
