using System.Text.Json;
using DotNext.IO;
using DotNext.Net.Cluster.Consensus.Raft.StateMachine;
using Workshop.ServiceDefaults.Files;

namespace Consensus.Replicas;

/// <summary>How far the ledger is at a place of the replicas' log. The blocks themselves stand in the file alone.</summary>
/// <param name="Count">Blocks.</param>
/// <param name="Head">Hash of the last; it fixes all before it.</param>
/// <param name="Key">The network's key, in hexadecimal: all replicas have the same.</param>
internal sealed record LedgerMark(long Count, string Head, string Key);

/// <summary>
/// What the replicas' log is cut off behind: a mark, and no copy of the ledger. A replica that is behind gets the mark, and
/// fetches the blocks, whose hashes the mark fixes.
/// </summary>
/// <param name="index">Place in the log.</param>
/// <param name="term">Of that place.</param>
/// <param name="mark">The ledger there.</param>
internal sealed class MarkSnapshot(long index, long term, LedgerMark mark) : ISnapshot
{
    private const string FileName = "mark.json";

    private readonly byte[] bytes = JsonSerializer.SerializeToUtf8Bytes(mark);

    public long Index => index;

    public long Term => term;

    public long? Length => bytes.Length;

    public bool IsReusable => true;

    public bool TryGetMemory(out ReadOnlyMemory<byte> memory)
    {
        memory = bytes;
        return true;
    }

    public ValueTask WriteToAsync<TWriter>(TWriter writer, CancellationToken token)
        where TWriter : IAsyncBinaryWriter => writer.Invoke(bytes, token);

    /// <summary>The last one of a folder; null where there is none.</summary>
    internal static MarkSnapshot? Load(string directory)
    {
        var path = Path.Combine(directory, FileName);
        return File.Exists(path) && JsonSerializer.Deserialize<Kept>(File.ReadAllBytes(path)) is { } kept
            ? new(kept.Index, kept.Term, kept.Mark)
            : null;
    }

    /// <summary>Keeps it; its owner alone may read it, for the key is in it.</summary>
    internal void Save(string directory) =>
        DurableFile.Replace(
            Path.Combine(directory, FileName),
            JsonSerializer.SerializeToUtf8Bytes(new Kept(Index, Term, mark)),
            isSecret: true
        );

    private sealed record Kept(long Index, long Term, LedgerMark Mark);
}
