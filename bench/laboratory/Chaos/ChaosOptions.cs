using System.Globalization;

namespace LaboratoryBench.Chaos;

/// <summary>One run of chaos.</summary>
public sealed record ChaosOptions
{
    /// <summary>The storage mode.</summary>
    public required string Mode { get; init; }

    /// <summary>Where the databases run: <c>native</c>, or <c>containers</c>.</summary>
    public string Databases { get; init; } = "native";

    /// <summary>How long faults are done.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Decides arrivals, purchases, faults and their order.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Mean arrivals per second; each arrival makes one or two calls.</summary>
    public double ArrivalsPerSecond { get; init; } = 40;

    /// <summary>What is done; null for all kinds that fit the mode, in turn.</summary>
    public IReadOnlyList<FaultKind>? Only { get; init; }

    /// <summary>Most faults; the time is usually over first.</summary>
    public int MaxFaults { get; init; } = int.MaxValue;

    /// <summary>Longest calm between two faults.</summary>
    public TimeSpan LongestCalm { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The replica is held back by up to so much, and no primary goes before the lag that is shown is half of it: what was
    /// acknowledged meanwhile is truly lost. Asynchronous mode only.
    /// </summary>
    public TimeSpan InjectedLag { get; init; }

    /// <summary>Modes, in the order in which they are run.</summary>
    public static IReadOnlyList<string> Modes { get; } = ["basic", "synchronous", "asynchronous"];

    /// <summary>
    /// Reads <c>--minutes N [--mode M] [--seed N] [--rate N]</c>; the minutes are shared by the modes.
    /// </summary>
    /// <param name="args">What follows the command's name.</param>
    /// <returns>One run per mode.</returns>
    /// <exception cref="FormatException">An option is not known or malformed; the message says which.</exception>
    public static IReadOnlyList<ChaosOptions> Read(IReadOnlyList<string> args)
    {
        double minutes = 6;
        var (modes, seed, rate) = (Modes, 1, 40d);
        for (var index = 0; index < args.Count; index += 2)
        {
            var value =
                index + 1 < args.Count ? args[index + 1] : throw new FormatException($"{args[index]} wants a value.");
            switch (args[index])
            {
                case "--minutes":
                    minutes = Number(args[index], value, 0.1, 24 * 60);
                    break;
                case "--mode":
                    modes = Modes.Contains(value, StringComparer.Ordinal)
                        ? [value]
                        : throw new FormatException($"--mode {value}: it is one of {string.Join(", ", Modes)}.");
                    break;
                case "--seed":
                    seed = (int)Number(args[index], value, 0, int.MaxValue);
                    break;
                case "--rate":
                    rate = Number(args[index], value, 1, 2_000);
                    break;
                default:
                    throw new FormatException($"{args[index]} is not known: --minutes, --mode, --seed, --rate.");
            }
        }

        return
        [
            .. modes.Select(mode => new ChaosOptions
            {
                Mode = mode,
                Duration = TimeSpan.FromMinutes(minutes / modes.Count),
                Seed = seed,
                ArrivalsPerSecond = rate,
            }),
        ];
    }

    private static double Number(string name, string text, double least, double most) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && number >= least
        && number <= most
            ? number
            : throw new FormatException($"{name} {text}: it is a number from {least} to {most}.");
}
