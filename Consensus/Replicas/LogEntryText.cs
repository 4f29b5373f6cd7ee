using System.Text.Json;
using Consensus.Ledger;

namespace Consensus.Replicas;

/// <summary>What stands in an entry of the replicas' log: a first byte that says what it is, and the rest.</summary>
internal static class LogEntryText
{
    private const byte Blocks = (byte)'B';

    private const byte Mark = (byte)'M';

    private const byte LineEnd = (byte)'\n';

    /// <summary>Blocks: the ledger's own lines.</summary>
    internal static byte[] Of(Draft draft) => [Blocks, .. draft.Blocks.SelectMany(block => block.Line)];

    /// <summary>A mark.</summary>
    internal static byte[] Of(LedgerMark mark) => [Mark, .. JsonSerializer.SerializeToUtf8Bytes(mark)];

    /// <summary>The mark in an entry; null where it holds blocks.</summary>
    internal static LedgerMark? MarkIn(ReadOnlyMemory<byte> entry) =>
        entry.Span[0] is Mark ? JsonSerializer.Deserialize<LedgerMark>(entry.Span[1..]) : null;

    /// <summary>The lines in an entry, without their ends.</summary>
    internal static List<ReadOnlyMemory<byte>> LinesIn(ReadOnlyMemory<byte> entry)
    {
        var lines = new List<ReadOnlyMemory<byte>>();
        for (var rest = entry[1..]; !rest.IsEmpty; )
        {
            var length = rest.Span.IndexOf(LineEnd);
            lines.Add(rest[..length]);
            rest = rest[(length + 1)..];
        }

        return lines;
    }
}
