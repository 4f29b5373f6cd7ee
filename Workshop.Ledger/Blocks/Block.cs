using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Workshop.Ledger.Mechanism;

namespace Workshop.Ledger.Blocks;

/// <summary>One line of a ledger.</summary>
/// <param name="Hash">
/// SHA-256 over the canonical JSON of the other members, as 64 lower-case hexadecimal digits.
/// </param>
/// <param name="Height">Place in the ledger, from 0.</param>
/// <param name="Payload">What happened.</param>
/// <param name="Previous">Hash of the block before; 64 zeros for the first.</param>
/// <param name="Time">UTC, for example <c>2026-11-23T03:28:40.123Z</c>; never before the block before.</param>
public sealed record Block(string Hash, long Height, Entry Payload, string Previous, string Time)
{
    /// <summary>What stands for the hash before the first block.</summary>
    public const string NoHash = "0000000000000000000000000000000000000000000000000000000000000000";

    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    private static readonly byte[] Prefix = Encoding.UTF8.GetBytes("{\"hash\":\"");

    private static readonly byte[] Separator = Encoding.UTF8.GetBytes("\",");

    /// <summary>Bytes before the hashed part: <c>{"hash":"…",</c>.</summary>
    private static int HeadLength => Prefix.Length + NoHash.Length + Separator.Length;

    /// <summary>A time as it stands in a block.</summary>
    public static string Write(DateTimeOffset time) =>
        time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    /// <summary>Makes a block.</summary>
    /// <param name="height">Its place.</param>
    /// <param name="payload">What happened.</param>
    /// <param name="previous">Hash of the block before.</param>
    /// <param name="time">As <see cref="Write(DateTimeOffset)"/> gives it.</param>
    /// <param name="line">The line in canonical form, with its line end.</param>
    /// <returns>The block.</returns>
    public static Block Make(long height, Entry payload, string previous, string time, out byte[] line)
    {
        var content = new ArrayBufferWriter<byte>();
        var members = JsonSerializer.SerializeToElement(
            new Content(height, payload, previous, time),
            LedgerJson.Options
        );
        CanonicalJson.Write(content, members);
        var hash = Convert.ToHexStringLower(SHA256.HashData(content.WrittenSpan));
        // "hash" sorts before every other member, so the line is its head and then what was hashed but for the brace.
        line = [.. Prefix, .. Encoding.UTF8.GetBytes(hash), .. Separator, .. content.WrittenSpan[1..], (byte)'\n'];
        return new(hash, height, payload, previous, time);
    }

    /// <summary>Reads a line, and checks that it is the one that belongs here.</summary>
    /// <param name="line">Without its line end.</param>
    /// <param name="height">The place where it stands.</param>
    /// <param name="previous">The block before; null for the first.</param>
    /// <param name="block">The block, if it verifies.</param>
    /// <returns>Null, or why it does not verify.</returns>
    public static string? Read(ReadOnlySpan<byte> line, long height, Block? previous, out Block? block) =>
        Parse(line, out block) ?? block!.Misplaced(height, previous);

    /// <summary>Reads a line, and checks that its hash is that of its content.</summary>
    /// <param name="line">Without its line end.</param>
    /// <param name="block">The block, if it verifies.</param>
    /// <returns>Null, or why it does not verify.</returns>
    public static string? Parse(ReadOnlySpan<byte> line, out Block? block)
    {
        block = null;
        if (SealViolation(line) is { } broken)
        {
            return broken;
        }

        try
        {
            block = JsonSerializer.Deserialize<Block>(line, LedgerJson.Options);
        }
        catch (Exception json) when (json is JsonException or NotSupportedException)
        {
            // The second is how a payload without a kind is refused.
            return $"The content is not a block: {json.Message}";
        }

        return block is null ? "The content is not a block." : null;
    }

    /// <summary>Why it is not the one that belongs in a place; null where it is.</summary>
    /// <param name="height">The place.</param>
    /// <param name="previous">The block before; null for the first.</param>
    internal string? Misplaced(long height, Block? previous) =>
        Misplaced((Height, Previous, Time), height, previous?.Hash, previous?.Time);

    /// <summary>The hash that a line begins with, which <see cref="SealViolation"/> compares with its content.</summary>
    internal static string HashIn(ReadOnlySpan<byte> line) =>
        Encoding.ASCII.GetString(line.Slice(Prefix.Length, NoHash.Length));

    /// <summary>Why a block is not the one that belongs in a place; null where it is.</summary>
    internal static string? Misplaced(
        (long Height, string Previous, string Time) block,
        long height,
        string? hashBefore,
        string? timeBefore
    ) =>
        block.Height != height ? $"It says that its height is {block.Height}."
        : !string.Equals(block.Previous, hashBefore ?? NoHash, StringComparison.Ordinal)
            ? "It does not follow the block before: a block was removed, added or replaced."
        : string.CompareOrdinal(block.Time, timeBefore) < 0 ? "It is older than the block before."
        : null;

    /// <summary>Why a line's hash is not that of its content; null where it is.</summary>
    internal static string? SealViolation(ReadOnlySpan<byte> line) =>
        line.Length <= HeadLength
        || !line.StartsWith(Prefix)
        || !line[(HeadLength - Separator.Length)..].StartsWith(Separator)
            ? "The line does not begin with a hash."
        : !HashOf(line[HeadLength..]).AsSpan().SequenceEqual(line.Slice(Prefix.Length, NoHash.Length))
            ? "The hash is not that of the content: hash or content was changed."
        : null;

    private static byte[] HashOf(ReadOnlySpan<byte> rest)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData("{"u8);
        sha.AppendData(rest);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        sha.GetHashAndReset(hash);
        return Encoding.UTF8.GetBytes(Convert.ToHexStringLower(hash));
    }

    /// <summary>What is hashed.</summary>
    private sealed record Content(long Height, Entry Payload, string Previous, string Time);
}
