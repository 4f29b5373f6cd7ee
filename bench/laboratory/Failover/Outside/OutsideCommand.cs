using System.Globalization;
using System.Text;
using LaboratoryBench.Chaos;
using Workshop.Figures;

namespace LaboratoryBench.Failover.Outside;

/// <summary>
/// <c>dotnet run --project bench/laboratory -- patroni [--times N] [--rate N] [--only FAULT,...] [--alone]</c>: the same
/// faults under the same load to databases in containers, under Patroni and under the workshop's own conductor. The table of
/// all faults goes into docs/outside-databases.md.
/// </summary>
internal static class OutsideCommand
{
    /// <summary>Measures, prints, and writes the document.</summary>
    /// <param name="args">What follows the command's name.</param>
    /// <returns>0 when no promise was broken; 1 otherwise; 2 for a bad argument.</returns>
    public static async Task<int> Run(string[] args)
    {
        if (Read(args) is not { } options)
        {
            await Console.Error.WriteLineAsync("error: --times N, --rate N, --only KillPrimary,... or --alone");
            return 2;
        }

        var load = MachineLoad.Now();
        var results = new List<(string Name, OutsideResult Result)> { await Take(await PatroniSide.Start(), options) };
        if (!options.IsAlone)
        {
            results.Add(await Take(await OwnSide.Start(), options));
        }

        var table = Table(results, options, $"load average {load} before, {MachineLoad.Now()} after");
        Console.WriteLine(table);
        if (!options.IsAlone && options.Only.Count == Enum.GetValues<OutsideFault>().Length)
        {
            FigureDocument.Write("outside-databases.md", "patroni faults", table);
        }

        foreach (var violation in results.SelectMany(one => one.Result.Violations).Take(20))
        {
            Console.WriteLine($"VIOLATION {violation.Rule}: {violation.Detail}");
        }

        return results.TrueForAll(one => one.Result.Violations.Count == 0) ? 0 : 1;
    }

    private static async Task<(string, OutsideResult)> Take(IFaultySide side, Options options)
    {
        await using (side)
        {
            return (side.Name, await new OutsideRun(side, options.Only, options.Times, options.Rate).Go());
        }
    }

    private static string Table(List<(string Name, OutsideResult Result)> results, Options options, string machine)
    {
        var text = new StringBuilder();
        var culture = CultureInfo.InvariantCulture;
        text.AppendLine(
            culture,
            $"Each fault {options.Times} times, one after another, {options.Rate} arrivals a second, databases in containers, synchronous. {TimeProvider.System.GetUtcNow():yyyy-MM-dd HH:mm} UTC, {Environment.ProcessorCount} cores, {machine}."
        );
        text.AppendLine();
        text.AppendLine(
            "| fault | who fails over | nobody can buy: p50, s | worst, s | purchases without an answer at first | whole again: p50, s |"
        );
        text.AppendLine("| --- | --- | ---: | ---: | ---: | ---: |");
        foreach (var kind in options.Only)
        {
            foreach (var (name, result) in results.Where(one => one.Result.Of(kind).Any()))
            {
                text.AppendLine(culture, $"| {kind} | {name} | {Row(result, kind)} |");
            }
        }

        text.AppendLine();
        foreach (var (name, result) in results)
        {
            text.AppendLine(
                culture,
                $"{name}: {result.Acknowledged} orders acknowledged; lost {Count(result, Rule.AcknowledgedIsKept)}, doubled {Count(result, Rule.KeyBuysOnce)}, oversold {Count(result, Rule.NoOversell)}; broken promises of all kinds {result.Violations.Count}."
            );
            text.AppendLine();
        }

        return text.ToString();
    }

    private static string Row(OutsideResult result, OutsideFault kind)
    {
        var gaps = result.Gaps(kind);
        var healed = result.Of(kind).Select(strike => strike.Healed).ToArray();
        var shown = gaps.Count == 0 ? "nobody bought | nobody bought" : $"{Seconds(gaps, 0.5)} | {Seconds(gaps, 1)}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{shown} | {result.Unanswered(kind)} | {Seconds(healed, 0.5)}"
        );
    }

    private static int Count(OutsideResult result, Rule rule) =>
        result.Violations.Count(violation => violation.Rule == rule);

    private static string Seconds(IReadOnlyCollection<TimeSpan> times, double quantile) =>
        Gaps.Quantile(times, quantile).TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);

    private static Options? Read(string[] args)
    {
        var options = new Options(3, 40, Enum.GetValues<OutsideFault>(), IsAlone: false);
        for (var index = 0; index < args.Length; index++)
        {
            var value = index + 1 < args.Length ? args[index + 1] : "";
            switch (args[index])
            {
                case "--alone":
                    options = options with { IsAlone = true };
                    continue;
                case "--times" when int.TryParse(value, CultureInfo.InvariantCulture, out var times) && times > 0:
                    options = options with { Times = times };
                    break;
                case "--rate" when int.TryParse(value, CultureInfo.InvariantCulture, out var rate) && rate > 0:
                    options = options with { Rate = rate };
                    break;
                case "--only" when value.Split(',').All(word => Enum.IsDefined(typeof(OutsideFault), word)):
                    options = options with { Only = [.. value.Split(',').Select(Enum.Parse<OutsideFault>)] };
                    break;
                default:
                    return null;
            }

            index++;
        }

        return options;
    }

    private sealed record Options(int Times, int Rate, IReadOnlyList<OutsideFault> Only, bool IsAlone);
}
