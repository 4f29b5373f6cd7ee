using Consensus.Members;
using Workshop.Ledger.Blocks;
using Workshop.Ledger.Mechanism;
using Workshop.Ledger.Networks;

namespace Consensus.Batches;

/// <summary>Truths that were told of a batch later, and what followed.</summary>
/// <param name="Network">Which network.</param>
/// <param name="Number">Of the batch.</param>
/// <param name="Height">Block.</param>
/// <param name="Time">Of the block.</param>
/// <param name="Slashed">Euros, all members together.</param>
/// <param name="Rows">What came true.</param>
/// <param name="Members">What it meant for each member that was asked.</param>
internal sealed record TruthView(
    string Network,
    long Number,
    long Height,
    string Time,
    decimal Slashed,
    IReadOnlyList<TruthRow> Rows,
    IReadOnlyList<TruthMember> Members
)
{
    internal static TruthView Of(Schema schema, Block block)
    {
        var entry = (TruthEntry)block.Payload;
        var members = entry.Settlement!.Members;
        return new(
            entry.Network,
            entry.Number,
            block.Height,
            block.Time,
            Euro.From(members.Sum(member => member.SlashedCents)),
            [.. entry.Rows.Select(told => new TruthRow(told.Row, Say(schema.Network, told.Truth)))],
            [.. members.Select(TruthMember.Of)]
        );
    }

    /// <summary>A truth as answers are written: a label, or a value in the unit of the network.</summary>
    internal static object Say(Network network, long truth) =>
        network.IsRegression ? Units.FromCents(truth) : network.Classes[(int)truth];
}

/// <summary>One row's truth.</summary>
/// <param name="Row">Index in the batch.</param>
/// <param name="Truth">A label or a value.</param>
internal sealed record TruthRow(int Row, object Truth);

/// <summary>What truths that came later meant for one member.</summary>
/// <param name="Name">Of the member.</param>
/// <param name="GoldRight">Rows that it had right.</param>
/// <param name="GoldWrong">Rows that it had wrong.</param>
/// <param name="Weight">After it.</param>
/// <param name="Quality">w after it.</param>
/// <param name="Originality">u after it.</param>
/// <param name="Slashed">Euros.</param>
/// <param name="State">After it.</param>
/// <param name="Events">What happened to it.</param>
internal sealed record TruthMember(
    string Name,
    int GoldRight,
    int GoldWrong,
    double Weight,
    double Quality,
    double Originality,
    decimal Slashed,
    string State,
    IReadOnlyList<string> Events
)
{
    internal static TruthMember Of(TruthConsequence member) =>
        new(
            member.Member,
            member.GoldRight,
            member.GoldWrong,
            Units.FromMillionths(member.Weight),
            Units.FromMillionths(member.Quality),
            Units.FromMillionths(member.Originality),
            Euro.From(member.SlashedCents),
            Names.Of(member.Standing),
            member.Events
        );
}
