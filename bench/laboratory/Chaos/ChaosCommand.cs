using System.Globalization;

namespace LaboratoryBench.Chaos;

/// <summary>
/// <c>dotnet run --project bench/laboratory -- chaos --minutes 30 [--mode M] [--seed N] [--rate N]</c>.
/// </summary>
internal static class ChaosCommand
{
    /// <summary>Runs each mode and prints its summary.</summary>
    /// <param name="args">What follows the command's name.</param>
    /// <returns>0 when the shop kept its word in every mode, 1 when not, 2 for a bad option.</returns>
    public static async Task<int> Run(string[] args)
    {
        IReadOnlyList<ChaosOptions> runs;
        try
        {
            runs = ChaosOptions.Read(args);
        }
        catch (FormatException mistake)
        {
            await Console.Error.WriteLineAsync($"error: {mistake.Message}");
            return 2;
        }

        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            stop.Cancel();
        };
        var broken = 0;
        foreach (var options in runs)
        {
            var result = await Run(options, stop.Token);
            Console.WriteLine(result.Summary());
            broken += result.Violations.Count;
        }

        return broken == 0 ? 0 : 1;
    }

    /// <summary>Starts a workshop of its own in the mode, and runs.</summary>
    public static async Task<ChaosResult> Run(ChaosOptions options, CancellationToken ct)
    {
        await using var workshop = await ChaosWorkshop.Start(options.Mode, ct, options.Databases);
        return await Run(workshop, options, ct);
    }

    /// <summary>Runs on a workshop that is there. What all said is kept when the run breaks off or breaks a rule.</summary>
    public static async Task<ChaosResult> Run(ChaosWorkshop workshop, ChaosOptions options, CancellationToken ct)
    {
        var journal = Path.Combine(
            Path.GetTempPath(),
            string.Create(CultureInfo.InvariantCulture, $"chaos-{options.Mode}-{options.Seed}-{Guid.NewGuid():N}.jsonl")
        );
        Console.WriteLine($"{options.Mode}: journal {journal}");
        var isGood = false;
        try
        {
            var result = await new ChaosRun(options, workshop.Control, workshop.Shop, journal).Go(ct);
            isGood = result.Violations.Count == 0;
            return result;
        }
        finally
        {
            if (!isGood)
            {
                await workshop.KeepLogs(journal);
            }
        }
    }
}
