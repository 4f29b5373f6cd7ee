using System.Globalization;
using Shop.Web.Storefront;

namespace Shop.Web.Predictions.Laboratory;

/// <summary>What a batch did, as a story needs it.</summary>
/// <param name="Number">Of the batch.</param>
/// <param name="Members">What it meant for each.</param>
public sealed record RunBatch(long Number, IReadOnlyList<BatchMember> Members);

/// <summary>What some batches did, in a few sentences. Pure.</summary>
public static class RunStory
{
    /// <summary>Members that are worth a sentence.</summary>
    private const int MostLosers = 2;

    /// <summary>Below this share of rows a member is told apart from the others.</summary>
    private const double OftenAgrees = 0.6;

    /// <summary>The sentences, the most important first.</summary>
    /// <param name="batches">In the order in which they were run.</param>
    public static IReadOnlyList<string> Of(IReadOnlyList<RunBatch> batches)
    {
        if (batches.Count == 0)
        {
            return [];
        }

        var losses = batches
            .SelectMany(batch => batch.Members.Select(member => (batch.Number, Member: member)))
            .Where(loss => loss.Member.Slashed > 0)
            .GroupBy(loss => loss.Member.Name, StringComparer.Ordinal)
            .OrderByDescending(member => member.Sum(loss => loss.Member.Slashed))
            .Take(MostLosers)
            .Select(Lost);
        List<string> sentences = [.. losses, .. Changes(batches)];
        if (sentences.Count == 0 || batches.All(batch => batch.Members.All(member => member.Slashed == 0)))
        {
            sentences.Add(Agreement(batches));
        }

        return sentences;
    }

    /// <summary>"liar lost €316.00 in batch 31: 14 of 16 known answers were wrong."</summary>
    private static string Lost(IGrouping<string, (long Number, BatchMember Member)> losses)
    {
        var (number, worst) = losses.MaxBy(loss => loss.Member.Slashed);
        var known = worst.GoldRight + worst.GoldWrong;
        var why =
            known > 0
                ? $": {Count(worst.GoldWrong)} of {Count(known)} rows with a known answer were wrong"
                : $": it disagreed with the others on {Count(worst.Compared - worst.Agreed)} of {Count(worst.Compared)} rows";
        var total = losses.Sum(loss => loss.Member.Slashed);
        var all = total > worst.Slashed ? $" In this run it lost {Money.Euros(total)} in all." : "";
        return $"{Name(worst)} lost {Money.Euros(worst.Slashed)} in batch {Count(number)}{why}.{all}";
    }

    private static IEnumerable<string> Changes(IReadOnlyList<RunBatch> batches) =>
        batches.SelectMany(batch =>
            batch.Members.SelectMany(member =>
                (member.Events ?? [])
                    .Select(what =>
                        what switch
                        {
                            "admitted" =>
                                $"{Name(member)} was admitted in batch {Count(batch.Number)}: its answers count now.",
                            "ejected" => $"{Name(member)} was ejected in batch {Count(batch.Number)}.",
                            "equivocated" =>
                                $"{Name(member)} gave two answers to one question in batch {Count(batch.Number)}, and was ejected.",
                            "absent" =>
                                $"{Name(member)} was absent too often and is jailed since batch {Count(batch.Number)}.",
                            _ => null,
                        }
                    )
                    .OfType<string>()
            )
        );

    /// <summary>Nobody lost money: who stands apart, if anybody does.</summary>
    private static string Agreement(IReadOnlyList<RunBatch> batches)
    {
        var shares = batches
            .SelectMany(batch => batch.Members)
            .GroupBy(member => member.Name, StringComparer.Ordinal)
            .Select(member =>
                (Last: member.Last(), Compared: member.Sum(one => one.Compared), Agreed: member.Sum(one => one.Agreed))
            )
            .Where(member => member.Compared > 0)
            .ToList();
        if (shares.Count == 0)
        {
            return "Nobody could be compared with the others yet: there are too few members.";
        }

        var (last, compared, agreed) = shares.MinBy(member => member.Agreed / (double)member.Compared);
        var estimate = last.AccuracyEstimate.ToString("0.00", CultureInfo.InvariantCulture);
        return agreed < OftenAgrees * compared
            ? $"{Name(last)} disagreed with the others on {Count(compared - agreed)} of {Count(compared)} rows: its estimate "
                + $"is {estimate} now."
            : $"Nobody lost money. Least often with the others was {Name(last)}: on {Count(agreed)} of {Count(compared)} rows.";
    }

    private static string Name(BatchMember member) => Strangers.Words(member.Name);

    private static string Count(long number) => number.ToString(CultureInfo.InvariantCulture);
}
