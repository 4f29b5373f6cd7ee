using Workshop.Figures;

namespace LaboratoryBench.Failover;

/// <summary>
/// <c>dotnet run --project bench/laboratory -- failover [part ...] [--kills N] [--requests N]</c>: the figures of
/// docs/storage.md, measured on whole workshops of its own and written there as soon as each part is taken.
/// </summary>
internal static class FailoverCommand
{
    /// <summary>Every part, by name, in the order in which they are taken.</summary>
    public static IReadOnlyDictionary<string, Func<FailoverOptions, Task<Measurement>>> Parts { get; } =
        new OrderedDictionary<string, Func<FailoverOptions, Task<Measurement>>>(StringComparer.Ordinal)
        {
            ["kills"] = PrimaryLoss.Kills,
            ["containers"] = PrimaryLoss.Containers,
            ["stops"] = PrimaryLoss.Stops,
            ["available"] = MirrorLoss.Measure,
            ["asynchronous"] = PrimaryLoss.Asynchronous,
            ["throughput"] = Throughput.Measure,
            ["api"] = ServerLoss.Measure,
        };

    /// <summary>Measures, prints, and writes the document.</summary>
    /// <param name="args">What follows the command's name.</param>
    /// <returns>
    /// 0 when every figure was taken and no promise was broken, be the figures as wanted or not; 1 otherwise; 2 for a bad
    /// argument.
    /// </returns>
    public static async Task<int> Run(string[] args)
    {
        FailoverOptions options;
        try
        {
            options = FailoverOptions.Read(args);
        }
        catch (FormatException mistake)
        {
            await Console.Error.WriteLineAsync($"error: {mistake.Message}");
            return 2;
        }

        var failed = 0;
        foreach (var part in options.Parts)
        {
            failed += await Take(part, options) ? 0 : 1;
        }

        return failed == 0 ? 0 : 1;
    }

    /// <summary>What a part's place in docs/storage.md is marked by.</summary>
    internal static string Mark(string part) => $"failover {part}";

    /// <summary>Takes one part. One that breaks off is told, leaves its old table, and does not keep the others.</summary>
    private static async Task<bool> Take(string part, FailoverOptions options)
    {
        var load = MachineLoad.Now();
        Console.WriteLine($"{part}: load before {load}");
        try
        {
            var measurement = await Parts[part](options);
            var table = measurement.Table($"load average {load} before, {MachineLoad.Now()} after");
            Console.WriteLine(table);
            FigureDocument.Write("storage.md", Mark(part), table);
            return measurement.Violations == 0;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            await Console.Error.WriteLineAsync($"{part}: NOT TAKEN: {error}");
            return false;
        }
    }
}
