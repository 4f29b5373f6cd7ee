using System.Text.Json;
using Workshop.Ledger.Blocks;

namespace Workshop.Ledger.Witnesses;

/// <summary>A block without its payload: all that a chain of hashes is made of.</summary>
/// <param name="Hash">Of the line.</param>
/// <param name="Height">Its place.</param>
/// <param name="Previous">Hash of the block before.</param>
/// <param name="Time">As it stands in the line.</param>
public sealed record ChainLink(string Hash, long Height, string Previous, string Time)
{
    /// <summary>Reads a line, and checks that it is the one that belongs here. Its payload is passed over.</summary>
    /// <param name="line">Without its line end.</param>
    /// <param name="before">The block before; null for the first.</param>
    /// <param name="link">The block, where its hash is that of its content.</param>
    /// <returns>Null, or why it does not verify.</returns>
    public static string? Read(ReadOnlySpan<byte> line, ChainLink? before, out ChainLink? link)
    {
        link = null;
        if (Block.SealViolation(line) is { } broken)
        {
            return broken;
        }

        try
        {
            link = Parse(line);
        }
        catch (Exception bad) when (bad is JsonException or InvalidOperationException)
        {
            // Said below.
        }

        return link is null
            ? "The content is not a block."
            : Block.Misplaced(
                (link.Height, link.Previous, link.Time),
                (before?.Height ?? -1) + 1,
                before?.Hash,
                before?.Time
            );
    }

    private static ChainLink? Parse(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        reader.Read();
        string? hash = null;
        string? previous = null;
        string? time = null;
        long height = -1;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            switch (name)
            {
                case "hash" when reader.TokenType == JsonTokenType.String:
                    hash = reader.GetString();
                    break;
                case "previous" when reader.TokenType == JsonTokenType.String:
                    previous = reader.GetString();
                    break;
                case "time" when reader.TokenType == JsonTokenType.String:
                    time = reader.GetString();
                    break;
                case "height" when reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number):
                    height = number;
                    break;
                case "payload" when reader.TokenType == JsonTokenType.StartObject:
                    reader.Skip();
                    break;
                default:
                    return null;
            }
        }

        var isWhole = reader.TokenType == JsonTokenType.EndObject && !reader.Read();
        return !isWhole || hash is null || previous is null || time is null ? null : new(hash, height, previous, time);
    }
}
