using System.Globalization;

namespace LaboratoryBench.Failover;

/// <summary>What of the failover figures is taken, and how often.</summary>
/// <param name="Parts">Names of parts, in the order in which they are taken.</param>
/// <param name="Kills">Kills of the primary; the rarer faults are done a fifth as often.</param>
/// <param name="Requests">Requests while servers of the shop are killed and stopped.</param>
internal sealed record FailoverOptions(IReadOnlyList<string> Parts, int Kills, int Requests)
{
    /// <summary>As the wanted figures ask.</summary>
    public static FailoverOptions Usual { get; } = new([.. FailoverCommand.Parts.Keys], Kills: 50, Requests: 100_000);

    /// <summary>How often faults are done that are rarer, or take longer.</summary>
    public int FewTimes => Math.Max(2, Kills / 5);

    /// <summary>Reads <c>[part ...] [--kills N] [--requests N]</c>.</summary>
    /// <param name="args">What follows the command's name.</param>
    /// <returns>The options; without a part, all parts.</returns>
    /// <exception cref="FormatException">A word is not known; the message says which and names those that are.</exception>
    public static FailoverOptions Read(IReadOnlyList<string> args)
    {
        var options = Usual;
        var parts = new List<string>();
        for (var index = 0; index < args.Count; index++)
        {
            switch (args[index])
            {
                case "--kills":
                    options = options with { Kills = Number(args, ++index) };
                    break;
                case "--requests":
                    options = options with { Requests = Number(args, ++index) };
                    break;
                case var part when FailoverCommand.Parts.ContainsKey(part):
                    parts.Add(part);
                    break;
                default:
                    throw new FormatException(
                        $"{args[index]} is not known: {string.Join(", ", Usual.Parts)}, --kills N, --requests N."
                    );
            }
        }

        return parts.Count == 0 ? options : options with { Parts = parts };
    }

    private static int Number(IReadOnlyList<string> args, int index) =>
        index < args.Count
        && int.TryParse(args[index], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number > 0
            ? number
            : throw new FormatException($"{args[index - 1]} wants a number from 1.");
}
