using System.Collections.Immutable;
using Consensus.Members;
using Consensus.Predict;
using Workshop.Ledger.Blocks;
using Workshop.Ledger.Mechanism;
using Workshop.Ledger.Networks;

namespace Consensus.Batches;

/// <summary>A batch as the API shows it: what was asked, answered, scored, paid and slashed.</summary>
/// <param name="Network">Which network.</param>
/// <param name="Number">Within the network, from 0.</param>
/// <param name="Height">Block.</param>
/// <param name="Time">Of the block.</param>
/// <param name="Paid">Euros, all members together.</param>
/// <param name="Slashed">Euros, all members together.</param>
/// <param name="Rows">What was asked, with the answers.</param>
/// <param name="Members">What it meant for each member.</param>
/// <param name="PaidOut">Euros by member that left with this batch.</param>
/// <param name="Seed">What chose the gold rows, revealed.</param>
/// <param name="Commitment">SHA-256 of the next batch's seed.</param>
/// <param name="Truths">What was told of its rows later, oldest first.</param>
internal sealed record BatchView(
    string Network,
    long Number,
    long Height,
    string Time,
    decimal Paid,
    decimal Slashed,
    IReadOnlyList<BatchRow> Rows,
    IReadOnlyList<BatchMember> Members,
    IReadOnlyDictionary<string, decimal> PaidOut,
    string? Seed,
    string? Commitment,
    IReadOnlyList<TruthView> Truths
)
{
    internal static BatchView Of(Schema schema, Block block, IReadOnlyList<Block> told)
    {
        var batch = (BatchEntry)block.Payload;
        var settlement = batch.Settlement!;
        var later = told.SelectMany(one => ((TruthEntry)one.Payload).Rows).Select(row => (row.Row, row.Truth));
        var truths = batch
            .Gold.Select(gold => (gold.Row, gold.Truth))
            .Concat(later)
            .ToDictionary(known => known.Row, known => known.Truth);
        var misses = batch.Answers.ToDictionary(own => own.Member, own => own.Miss, StringComparer.Ordinal);
        return new(
            batch.Network,
            batch.Number,
            block.Height,
            block.Time,
            Euro.From(settlement.Members.Sum(member => member.PaidCents)),
            Euro.From(settlement.Members.Sum(member => member.SlashedCents)),
            [
                .. batch.Rows.Select(
                    (line, row) =>
                        BatchRow.Of(schema, batch, row, truths.TryGetValue(row, out var truth) ? truth : null)
                ),
            ],
            [.. settlement.Members.Select(member => BatchMember.Of(member, misses.GetValueOrDefault(member.Member)))],
            settlement.PaidOut.ToDictionary(
                payout => payout.Member,
                payout => Euro.From(payout.Cents),
                StringComparer.Ordinal
            ),
            batch.Seed,
            batch.Commitment,
            [.. told.Select(one => TruthView.Of(schema, one))]
        );
    }
}

/// <summary>One row of a batch.</summary>
/// <param name="Row">The inputs by name, as text; empty where missing.</param>
/// <param name="Gold">Whether its truth was known when it was asked.</param>
/// <param name="Truth">A label or a value, where known by now.</param>
/// <param name="Consensus">A label or a value; null where nobody with influence answered.</param>
/// <param name="Probabilities">Of the consensus, in the order of the network's labels; null for values.</param>
/// <param name="Answers">Label or value by member; null for a miss.</param>
/// <param name="AskedTwice">Second answers by member; null where the row was asked once.</param>
internal sealed record BatchRow(
    IReadOnlyDictionary<string, string> Row,
    bool Gold,
    object? Truth,
    object? Consensus,
    IReadOnlyList<double>? Probabilities,
    IReadOnlyDictionary<string, object?> Answers,
    IReadOnlyDictionary<string, object?>? AskedTwice
)
{
    internal static BatchRow Of(Schema schema, BatchEntry batch, int row, long? truth)
    {
        var network = schema.Network;
        var consensus = batch.Settlement!.Consensus[row];
        var again = batch
            .Answers.SelectMany(
                entry => entry.Again.Where(second => second.Row == row),
                (entry, second) => (entry.Member, second.Answer)
            )
            .ToDictionary(entry => entry.Member, entry => Say(network, entry.Answer), StringComparer.Ordinal);
        return new(
            schema
                .Columns.Zip(batch.Rows[row].Split(','))
                .ToDictionary(cell => cell.First.Name, cell => cell.Second, StringComparer.Ordinal),
            batch.Gold.Any(gold => gold.Row == row),
            truth is { } known ? TruthView.Say(network, known) : null,
            Say(network, consensus),
            network.IsRegression || consensus.IsEmpty ? null : [.. consensus.Select(Units.FromMillionths)],
            batch.Answers.ToDictionary(
                entry => entry.Member,
                entry => Say(network, entry.Rows[row]),
                StringComparer.Ordinal
            ),
            again.Count == 0 ? null : again
        );
    }

    private static object? Say(Network network, ImmutableArray<long> answer) =>
        answer.IsEmpty ? null : ConsensusAnswer.Prediction(network, answer);
}

/// <summary>What a batch meant for one member.</summary>
/// <param name="Name">Who.</param>
/// <param name="Answered">Rows answered.</param>
/// <param name="Agreed">Rows on which it agreed with the others.</param>
/// <param name="Compared">Rows on which the others had a consensus.</param>
/// <param name="GoldRight">Gold rows right.</param>
/// <param name="GoldWrong">Gold rows wrong.</param>
/// <param name="AccuracyEstimate">After it.</param>
/// <param name="Weight">After it.</param>
/// <param name="Quality">w after it.</param>
/// <param name="Originality">u after it.</param>
/// <param name="Miss">Why it missed a row, of the first that it missed; null where it missed none.</param>
/// <param name="Paid">Euros.</param>
/// <param name="Slashed">Euros.</param>
/// <param name="State">After it.</param>
/// <param name="Events">What happened to it.</param>
internal sealed record BatchMember(
    string Name,
    int Answered,
    int Agreed,
    int Compared,
    int GoldRight,
    int GoldWrong,
    double AccuracyEstimate,
    double Weight,
    double Quality,
    double Originality,
    string? Miss,
    decimal Paid,
    decimal Slashed,
    string State,
    IReadOnlyList<string> Events
)
{
    internal static BatchMember Of(MemberSettlement member, string? miss) =>
        new(
            member.Member,
            member.Answered,
            member.Agreed,
            member.Scored,
            member.GoldRight,
            member.GoldWrong,
            Units.FromMillionths(member.Estimate),
            Units.FromMillionths(member.Weight),
            Units.FromMillionths(member.Quality),
            Units.FromMillionths(member.Originality),
            miss,
            Euro.From(member.PaidCents),
            Euro.From(member.SlashedCents),
            Names.Of(member.Standing),
            member.Events
        );
}

/// <summary>Batches of a network, newest first.</summary>
/// <param name="Network">Which network.</param>
/// <param name="Count">How many there are in all.</param>
/// <param name="Batches">Those listed.</param>
internal sealed record BatchList(string Network, long Count, IReadOnlyList<BatchSummary> Batches);

/// <summary>A batch without its rows.</summary>
/// <param name="Number">Within the network.</param>
/// <param name="Height">Block.</param>
/// <param name="Time">Of the block.</param>
/// <param name="Rows">How many.</param>
/// <param name="Gold">How many of them gold.</param>
/// <param name="Paid">Euros.</param>
/// <param name="Slashed">Euros.</param>
/// <param name="Members">What it meant for each.</param>
internal sealed record BatchSummary(
    long Number,
    long Height,
    string Time,
    int Rows,
    int Gold,
    decimal Paid,
    decimal Slashed,
    IReadOnlyList<BatchMember> Members
)
{
    internal static BatchSummary Of(BatchView batch) =>
        new(
            batch.Number,
            batch.Height,
            batch.Time,
            batch.Rows.Count,
            batch.Rows.Count(row => row.Gold),
            batch.Paid,
            batch.Slashed,
            batch.Members
        );
}
