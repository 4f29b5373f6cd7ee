using System.Security.Cryptography;

namespace Workshop.Ledger.Witnesses;

/// <summary>Hashes of block 0 and of the newest blocks, in a memory that does not grow with the ledger.</summary>
public sealed class RecentHashes
{
    /// <summary>How many of the newest are known.</summary>
    public const int Capacity = 65_536;

    private const int FirstCapacity = 256;

    private byte[] hashes = new byte[FirstCapacity * SHA256.HashSizeInBytes];

    private long oldest;

    /// <summary>Hash of block 0; null while there is none.</summary>
    public string? Origin { get; private set; }

    /// <summary>Number of blocks so far.</summary>
    public long Count { get; private set; }

    /// <summary>Adds the hash of the next block.</summary>
    internal void Add(string hash)
    {
        Origin ??= hash;
        if (Count < Capacity && (Count + 1) * SHA256.HashSizeInBytes > hashes.Length)
        {
            Array.Resize(ref hashes, hashes.Length * 2);
        }

        Convert.FromHexString(hash, Slot(Count), out _, out _);
        Count++;
        oldest = Math.Max(oldest, Count - Capacity);
    }

    /// <summary>Hash of a block; null where it is not known any more, or not yet.</summary>
    internal string? At(long height) =>
        height == 0 ? Origin
        : height < oldest || height >= Count ? null
        : Convert.ToHexStringLower(Slot(height));

    /// <summary>What was known when a block was the last one, as far as it is known still.</summary>
    /// <param name="count">Blocks at that time.</param>
    internal RecentHashes Until(long count) =>
        new()
        {
            hashes = [.. hashes],
            oldest = oldest,
            Origin = Origin,
            Count = count,
        };

    private Span<byte> Slot(long height) =>
        hashes.AsSpan((int)(height % Capacity) * SHA256.HashSizeInBytes, SHA256.HashSizeInBytes);
}
