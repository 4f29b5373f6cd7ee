using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;
using Workshop.Ledger.Blocks;
using Workshop.ServiceDefaults.Files;

namespace Workshop.Ledger.Witnesses;

/// <summary>
/// A witness's own copy of a ledger: a file that only grows, and only by lines that follow one another. One thread adds;
/// any thread may read what was written.
/// </summary>
public sealed class LedgerCopy : IDisposable
{
    /// <summary>Name of the file in its folder.</summary>
    public const string FileName = "ledger.jsonl";

    /// <summary>Of one line in so many it is known where it begins.</summary>
    private const int LinesPerMark = 64;

    private readonly SafeFileHandle file;

    private readonly Lock gate = new();

    private readonly List<long> marks = [];

    private readonly List<byte> draft = [];

    private long end;

    private LedgerCopy(SafeFileHandle file) => this.file = file;

    /// <summary>The last block that was added; null while there is none.</summary>
    internal ChainLink? Head { get; private set; }

    /// <summary>Hashes of all that was added.</summary>
    internal RecentHashes Hashes { get; } = new();

    /// <summary>Blocks that were added.</summary>
    public long Count => Hashes.Count;

    /// <summary>Bytes that can be read: whole lines.</summary>
    public long Length { get; private set; }

    /// <summary>Opens the copy of a folder, made if it is not there, and checks its chain.</summary>
    /// <param name="directory">The folder.</param>
    /// <param name="logger">Hears of a copy that was damaged, which is set aside: it can be fetched again.</param>
    /// <exception cref="IOException">The file cannot be read or written, or another process has it open.</exception>
    public static LedgerCopy Open(string directory, ILogger logger)
    {
        Directory.CreateDirectory(directory);
        var path = Path.Combine(directory, FileName);
        var copy = new LedgerCopy(OpenFile(path));
        try
        {
            if (copy.Verify() is not { } damage)
            {
                return copy;
            }

            copy.Dispose();
            StateFile.SetAside(path, damage, logger);
            return new(OpenFile(path));
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }

    /// <summary>Adds the next line; it can be read after <see cref="Write"/>.</summary>
    /// <param name="line">Without its line end.</param>
    /// <returns>Null, or why it does not follow.</returns>
    internal string? Add(ReadOnlySpan<byte> line)
    {
        if (ChainLink.Read(line, Head, out var link) is { } reason)
        {
            return reason;
        }

        Note(link!, line.Length);
        draft.AddRange(line);
        draft.Add((byte)'\n');
        return null;
    }

    /// <summary>Writes what was added.</summary>
    /// <exception cref="IOException">No space, or a broken disk: the copy has to be opened anew.</exception>
    internal void Write()
    {
        RandomAccess.Write(file, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(draft), Length);
        draft.Clear();
        Length = end;
    }

    /// <summary>Makes what was written outlive a power cut.</summary>
    internal void Flush() => RandomAccess.FlushToDisk(file);

    /// <summary>Reads from a place in the file.</summary>
    internal int Read(Span<byte> buffer, long offset) =>
        RandomAccess.Read(file, buffer[..(int)Math.Clamp(Length - offset, 0, buffer.Length)], offset);

    /// <summary>A line of the copy, without its end, and the place behind it; null where there is none.</summary>
    internal (byte[] Line, long End)? LineAt(long height)
    {
        if (height < 0 || height >= Count)
        {
            return null;
        }

        long offset;
        lock (gate)
        {
            offset = marks[(int)(height / LinesPerMark)];
        }

        var lines = new LineBuffer();
        var passed = height % LinesPerMark;
        for (var read = offset; read < Length; )
        {
            var count = Read(lines.Room().Span, read);
            read += count;
            lines.Add(count);
            while (lines.TryTake(out var line))
            {
                offset += line.Length + 1;
                if (passed-- == 0)
                {
                    return (line.ToArray(), offset);
                }
            }
        }

        return null;
    }

    /// <summary>Hash of a block; null where there is none.</summary>
    internal string? HashAt(long height) =>
        Hashes.At(height) ?? (LineAt(height) is var (line, _) ? Block.HashIn(line) : null);

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    private static SafeFileHandle OpenFile(string path) =>
        File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);

    private void Note(ChainLink link, int length)
    {
        if (link.Height % LinesPerMark == 0)
        {
            lock (gate)
            {
                marks.Add(end);
            }
        }

        Head = link;
        Hashes.Add(link.Hash);
        end += length + 1;
    }

    /// <summary>Reads all lines. A torn last one is cut off: nobody was told of it.</summary>
    private string? Verify()
    {
        var size = RandomAccess.GetLength(file);
        var lines = new LineBuffer();
        for (long read = 0; read < size; )
        {
            var count = RandomAccess.Read(file, lines.Room().Span, read);
            read += count;
            lines.Add(count);
            while (lines.TryTake(out var line))
            {
                if (ChainLink.Read(line.Span, Head, out var link) is { } reason)
                {
                    return $"Block {Count}: {reason}";
                }

                Note(link!, line.Length);
            }
        }

        Length = end;
        RandomAccess.SetLength(file, end);
        return null;
    }
}
