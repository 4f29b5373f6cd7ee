using System.Buffers;
using System.Text.Json;
using DotNext.IO;
using DotNext.Net.Cluster.Consensus.Raft.StateMachine;
using Workshop.ServiceDefaults.Files;

namespace Workshop.Replicas;

/// <summary>What stands for all entries of the replicas' log up to a place, as JSON in a file of the log's folder.</summary>
/// <typeparam name="T">What it holds.</typeparam>
/// <param name="index">Place in the log.</param>
/// <param name="term">Of that place.</param>
/// <param name="content">The state there, or where it is found.</param>
internal sealed class JsonSnapshot<T>(long index, long term, T content) : ISnapshot
{
    private const string FileName = "mark.json";

    private readonly byte[] bytes = JsonSerializer.SerializeToUtf8Bytes(content);

    public long Index => index;

    public long Term => term;

    public long? Length => bytes.Length;

    public bool IsReusable => true;

    internal T Content => content;

    public bool TryGetMemory(out ReadOnlyMemory<byte> memory)
    {
        memory = bytes;
        return true;
    }

    public ValueTask WriteToAsync<TWriter>(TWriter writer, CancellationToken token)
        where TWriter : IAsyncBinaryWriter => writer.Invoke(bytes, token);

    /// <summary>The one that another replica sent in the place of entries.</summary>
    internal static async ValueTask<JsonSnapshot<T>> Read(LogEntry entry, CancellationToken token)
    {
        var found = new ArrayBufferWriter<byte>();
        await DataTransferObject.WriteToAsync(entry, found, token);
        return new(entry.Index, entry.Term, JsonSerializer.Deserialize<T>(found.WrittenSpan)!);
    }

    /// <summary>The last one of a folder; null where there is none.</summary>
    /// <exception cref="StartRefusedException">It cannot be read.</exception>
    internal static JsonSnapshot<T>? Load(string directory)
    {
        var path = Path.Combine(directory, FileName);
        try
        {
            return File.Exists(path) && JsonSerializer.Deserialize<Kept>(File.ReadAllBytes(path)) is { } kept
                ? new(kept.Index, kept.Term, kept.Mark)
                : null;
        }
        catch (Exception damaged) when (damaged is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException($"{path} cannot be read: {damaged.Message} {EndingRun.BeginAnew}", damaged);
        }
    }

    /// <summary>Keeps it; its owner alone may read it, for there may be a key in it.</summary>
    internal void Save(string directory) =>
        DurableFile.Replace(
            Path.Combine(directory, FileName),
            JsonSerializer.SerializeToUtf8Bytes(new Kept(Index, Term, content)),
            isSecret: true
        );

    private sealed record Kept(long Index, long Term, T Mark);
}
