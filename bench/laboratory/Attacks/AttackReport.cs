using System.Globalization;
using System.Text;
using Workshop.Figures;

namespace LaboratoryBench.Attacks;

/// <summary>The matrix for people: tables per network, and what of the wanted does not hold.</summary>
internal sealed class AttackReport
{
    private const int PlottedShare = 40;

    private static readonly int[] FewAttackers = [1, 2];

    private static readonly string[] RightAligned = ["--:", "--:"];

    private readonly IReadOnlyList<Cell> runs;

    private readonly int[] splits;

    private readonly List<Summary> summaries;

    /// <summary>Sums runs up.</summary>
    /// <param name="runs">All; those without an attack are the honest alone.</param>
    /// <param name="splits">Seeds of the splits.</param>
    internal AttackReport(IReadOnlyList<Cell> runs, int[] splits)
    {
        this.runs = runs;
        this.splits = splits;
        var alone = runs.Where(run => run is { Attack: null, IsLong: false })
            .ToLookup(run => (run.Network, run.Share, run.Members));
        summaries =
        [
            .. runs.Where(run => run.Attack is not null)
                .GroupBy(run => (run.Network, run.Attack, run.Share, run.Members))
                .Select(cell => new Summary(
                    [.. cell],
                    [.. alone[(cell.Key.Network, cell.Key.Share, cell.Key.Members)]]
                )),
        ];
    }

    /// <summary>The whole document.</summary>
    internal string Markdown()
    {
        var text = new StringBuilder("# The attack matrix\n\n");
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"Written by `dotnet run -c Release --project bench/laboratory -- attacks --write`: {AttackMatrix.Members} members, {AttackMatrix.Batches} batches,"
        );
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"{splits.Length} splits (seeds {string.Join(", ", splits)}; others by `--seeds`)."
        );
        text.AppendLine(AttackWords.Preface);
        foreach (var network in Networks())
        {
            Table(text, network);
        }

        SixMembers(text);
        LongRun(text);
        return text.Append(AttackWords.Limits).ToString();
    }

    /// <summary>Everything that misses the wanted, one line each.</summary>
    internal IEnumerable<string> Misses() =>
        summaries
            .Where(cell => cell.Members == AttackMatrix.Members)
            .SelectMany(cell =>
                new (bool Missed, string What)[]
                {
                    (cell.MissesAccuracy, $"accuracy ({Number(cell.MeanLoss)} points)"),
                    (cell.MissesWeight, $"weight ({Number(cell.WeightLost)} % lost)"),
                    (cell.MissesHonesty, "honest members lose"),
                }
                    .Where(check => check.Missed)
                    .Select(check => $"{cell.Network} {cell.Attack} {cell.Share} %: {check.What}")
            );

    /// <summary>Writes docs/attacks.md and its plots.</summary>
    internal async Task Write()
    {
        var docs = Path.Combine(Repository.Root, "docs");
        await File.WriteAllTextAsync(Path.Combine(docs, "attacks.md"), Markdown().ReplaceLineEndings("\n"));
        foreach (var network in Networks())
        {
            var curves = runs.Where(run =>
                Is(run.Network, network)
                && run is { Attack: not null, Share: PlottedShare, Members: AttackMatrix.Members }
                && run.Split == splits[0]
            );
            await File.WriteAllTextAsync(
                Path.Combine(docs, $"attacks-{network}.svg"),
                WeightPlot.Draw(network, [.. curves])
            );
        }
    }

    private IEnumerable<string> Networks() => runs.Select(run => run.Network).Distinct(StringComparer.Ordinal);

    private void Table(StringBuilder text, string network)
    {
        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"## {network}");
        text.AppendLine();
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"![Weight of attackers, 40 % of members](attacks-{network}.svg)"
        );
        text.AppendLine();
        text.Append("| attack | share | honest alone | points lost | on the worst split | weight lost | stake lost ");
        text.AppendLine("| pay together | EUR a point | false slashes |");
        text.AppendLine("| --- | --: | --: | --: | --: | --: | --: | --: | --: | --: |");
        var cells = summaries
            .Where(cell => Is(cell.Network, network) && cell.Members == AttackMatrix.Members)
            .OrderBy(cell => cell.Attack)
            .ThenBy(cell => cell.Share);
        foreach (var cell in cells)
        {
            string[] columns =
            [
                $"{cell.Attack}",
                $"{Count(cell.Share)} %",
                Number(cell.Alone),
                Mark(Number(cell.MeanLoss), cell.MissesAccuracy),
                Number(cell.WorstLoss),
                Mark(Number(cell.WeightLost), cell.MissesWeight),
                Number(cell.StakeLost),
                Number(cell.PayTogether),
                cell.EurosPerPoint is { } euros ? euros.ToString("#,0", CultureInfo.InvariantCulture) : "–",
                Mark(Count(cell.FalseSlashes), cell.MissesHonesty),
            ];
            text.Append("| ").AppendJoin(" | ", columns).AppendLine(" |");
        }
    }

    private void SixMembers(StringBuilder text)
    {
        text.AppendLine();
        text.AppendLine("## Six members");
        text.AppendLine();
        text.AppendLine("Points lost, mean over splits (worst split): one or two of six attack.");
        text.AppendLine();
        text.AppendLine(
            "| attack | "
                + string.Join(
                    " | ",
                    Networks().SelectMany(_ => FewAttackers, (network, count) => $"{network}, {count}")
                )
                + " |"
        );
        text.AppendLine("| --- | " + string.Join(" | ", Networks().SelectMany(_ => RightAligned)) + " |");
        foreach (var attack in summaries.Where(cell => cell.Members == AttackMatrix.Few).GroupBy(cell => cell.Attack))
        {
            var cells = Networks()
                .SelectMany(network => attack.Where(cell => Is(cell.Network, network)).OrderBy(cell => cell.Share))
                .Select(cell => Mark($"{Number(cell.MeanLoss)} ({Number(cell.WorstLoss)})", cell.MissesAccuracy));
            text.Append(CultureInfo.InvariantCulture, $"| {attack.Key} | ").AppendJoin(" | ", cells).AppendLine(" |");
        }
    }

    private void LongRun(StringBuilder text)
    {
        text.AppendLine();
        text.AppendLine("## Honest members for long");
        text.AppendLine();
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"{AttackMatrix.LongRun} batches of honest members alone, over the same few gold rows again and again."
        );
        text.AppendLine();
        text.AppendLine("| network | false slashes, all splits | mean loss of stake |");
        text.AppendLine("| --- | --: | --: |");
        foreach (var network in runs.Where(run => run.IsLong).GroupBy(run => run.Network, StringComparer.Ordinal))
        {
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {network.Key} | {network.Sum(run => run.FalseSlashes)} | {Number(100 * network.Average(run => run.HonestLoss))} % |"
            );
        }
    }

    private static bool Is(string name, string other) => string.Equals(name, other, StringComparison.Ordinal);

    private static string Number(double number)
    {
        var text = number.ToString("0.0", CultureInfo.InvariantCulture);
        return text is "-0.0" ? "0.0" : text;
    }

    private static string Count(int count) => count.ToString(CultureInfo.InvariantCulture);

    private static string Mark(string text, bool missed) => missed ? $"**{text}**" : text;
}
