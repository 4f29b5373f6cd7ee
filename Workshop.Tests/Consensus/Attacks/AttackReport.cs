using System.Globalization;
using System.Text;
using Workshop.Tests.Architecture;

namespace Workshop.Tests.Consensus.Attacks;

/// <summary>The matrix for people: tables per network, and what of the wanted does not hold.</summary>
/// <param name="cells">All cells; those without an attack are the honest alone.</param>
/// <param name="members">Members of the crowd.</param>
/// <param name="batches">Batches played.</param>
internal sealed class AttackReport(IReadOnlyList<Cell> cells, int members, int batches)
{
    /// <summary>Points of accuracy that an attack may cost.</summary>
    internal const double AllowedAccuracyLoss = 0.01;

    /// <summary>Share of weight that a lasting attack must cost.</summary>
    internal const double WantedWeightLoss = 0.9;

    /// <summary>Mean share of stake that the honest may lose.</summary>
    internal const double AllowedHonestLoss = 0.01;

    private readonly Dictionary<(string Network, int Share), Cell> alone = cells
        .Where(cell => cell.Attack is null)
        .ToDictionary(cell => (cell.Network, cell.Share));

    /// <summary>The whole document.</summary>
    internal string Markdown()
    {
        var text = new StringBuilder("# The attack matrix\n\n");
        text.AppendLine(
            CultureInfo.InvariantCulture,
            $"Written by `dotnet run --project Workshop.Tests -- attacks --write`: {members} members, {batches} batches."
        );
        text.AppendLine(Preface);
        foreach (var network in cells.Select(cell => cell.Network).Distinct(StringComparer.Ordinal))
        {
            Table(text, network);
        }

        return text.Append(Limits).ToString();
    }

    /// <summary>Everything that misses the wanted, one line each.</summary>
    internal IEnumerable<string> Misses() =>
        cells
            .Where(cell => cell.Attack is not null)
            .SelectMany(cell =>
                new (bool Missed, string What)[]
                {
                    (MissesAccuracy(cell), "accuracy"),
                    (MissesWeight(cell), "weight"),
                    (cell.FalseSlashes > 0, "false slashes"),
                    (cell.HonestLoss >= AllowedHonestLoss, "honest loss"),
                }
                    .Where(check => check.Missed)
                    .Select(check => $"{cell.Network} {cell.Attack} {cell.Share} %: {check.What}")
            );

    /// <summary>Writes docs/attacks.md and its plots.</summary>
    internal async Task Write()
    {
        var docs = Path.Combine(SourceTree.Root, "docs");
        await File.WriteAllTextAsync(Path.Combine(docs, "attacks.md"), Markdown().ReplaceLineEndings("\n"));
        foreach (var network in cells.Select(cell => cell.Network).Distinct(StringComparer.Ordinal))
        {
            var curves = cells.Where(cell => Is(cell, network) && cell is { Attack: not null, Share: 40 });
            await File.WriteAllTextAsync(
                Path.Combine(docs, $"attacks-{network}.svg"),
                WeightPlot.Draw(network, [.. curves])
            );
        }
    }

    private bool MissesAccuracy(Cell cell) =>
        cell.Accuracy < alone[(cell.Network, cell.Share)].Accuracy - AllowedAccuracyLoss;

    private static bool MissesWeight(Cell cell) => cell.WeightLost < WantedWeightLoss;

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
        text.Append("| attack | share | accuracy | honest alone | settled | honest alone ");
        text.AppendLine("| weight lost | stake lost | false slashes | honest loss |");
        text.AppendLine("| --- | --: | --: | --: | --: | --: | --: | --: | --: | --: |");
        foreach (var cell in cells.Where(cell => Is(cell, network) && cell.Attack is not null))
        {
            var honest = alone[(network, cell.Share)];
            string[] columns =
            [
                $"{cell.Attack}",
                $"{Count(cell.Share)} %",
                Mark(Per(cell.Accuracy), MissesAccuracy(cell)),
                Per(honest.Accuracy),
                Per(cell.Settled),
                Per(honest.Settled),
                Mark(Per(cell.WeightLost), MissesWeight(cell)),
                Per(cell.StakeLost),
                Mark(Count(cell.FalseSlashes), cell.FalseSlashes > 0),
                Mark(Per(cell.HonestLoss), cell.HonestLoss >= AllowedHonestLoss),
            ];
            text.Append("| ").AppendJoin(" | ", columns).AppendLine(" |");
        }
    }

    private static bool Is(Cell cell, string network) => string.Equals(cell.Network, network, StringComparison.Ordinal);

    private static string Per(double share) => (share * 100).ToString("0.0", CultureInfo.InvariantCulture);

    private static string Count(int count) => count.ToString(CultureInfo.InvariantCulture);

    private static string Mark(string text, bool missed) => missed ? $"**{text}**" : text;

    private const string Preface = """
        The pure mechanism runs with its default parameters over real answers: six learners of `Predictors/`, each
        member trained on its own sample of one half of a network's rows and asked the other half. A fifth of that
        half is gold and judges members; the other rows judge the consensus. Attackers are there from batch 0, which
        is the worst case: nobody has a history yet. Sleepers wake at batch 40; Sybils hold their share of stake under
        two names each. Everything is seeded; a second run writes the same file.

        *accuracy* is the consensus's over all batches (`housing`: share within 20 % of the truth), beside that of
        the honest members alone on the same rows; *settled* is the same over the last half. *weight lost* is
        against the honest members' mean, 50 batches after the attack began. **Bold** is what misses the wanted:
        accuracy within 1 point, 90 % of weight lost, no false slash, honest loss under 1 %.
        """;

    private const string Limits = """


        ## What the mechanism cannot do, and why

        - **Copycat.** A copy of an honest answer is as right as the original, so nothing takes its stake. It shares one
          vote, and one pay, with the original and all other copies: `u` sees that they err together. A copy with noise
          shares less, the noisier it is, and is worse by as much. The original is paid less for being copied: who was
          first cannot be told from answers that arrive together.
        - **Partial.** Colluders that lie on one row in five lose nearly all weight in a few batches. Their stake goes
          more slowly: a bet needs some 60 to 300 gold rows of its own to tell 0.2 more errors from bad luck.
        - **Few gold rows.** Each counts once. Of the fifteen of `iris` a constant answer gets five right, and a partial
          liar twelve: too little to take their stake, though not their weight.
        - **Constant on titanic.** Right for six in ten, it is 0.4 further from the truth than the pool: weight 0.02.
        - **Absent, slow, malformed.** They lose weight within three batches and 0.1 % of stake at each jailing:
          absence is a nuisance, not a lie.
        - **A known gold set.** Here gold rows are drawn from the rows asked. In the workshop the held-out rows are
          public by rule and file. A member that is honest on them alone keeps its stake, but not its weight: the
          majority judges every row. From half of the stake on it would keep that too.
        - **Above half.** Gold overrules a majority of liars, slowly, and only while nobody knows which rows are gold.

        """;
}
