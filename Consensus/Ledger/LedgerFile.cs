using Microsoft.Win32.SafeHandles;
using Workshop.Ledger.Blocks;
using Workshop.ServiceDefaults.Files;

namespace Consensus.Ledger;

/// <summary>The ledger's file, open for its one writer.</summary>
public sealed class LedgerFile : IDisposable
{
    /// <summary>Name of the file in its folder.</summary>
    public const string FileName = "ledger.jsonl";

    private const string LockName = "ledger.lock";

    private readonly SafeFileHandle file;

    private readonly FileStream writerLock;

    /// <summary>Whether the file may hold more than was flushed and told.</summary>
    private bool isTorn;

    private LedgerFile(string path, SafeFileHandle file, FileStream writerLock)
    {
        Path = path;
        this.file = file;
        this.writerLock = writerLock;
    }

    /// <summary>Full path of the file.</summary>
    public string Path { get; }

    /// <summary>Where the blocks stand.</summary>
    public LedgerIndex Index { get; } = new();

    /// <summary>Bytes that are on disk and verified; what a reader may read.</summary>
    public long Length { get; private set; }

    /// <summary>Bytes of a torn last line that were cut off on opening.</summary>
    public int CutBytes { get; private set; }

    /// <summary>
    /// Opens the ledger of a folder, made if it is not there; verifies it; cuts off a torn last line.
    /// </summary>
    /// <param name="directory">The folder.</param>
    /// <param name="replay">State and head after the last block.</param>
    /// <exception cref="LedgerException">The ledger does not verify.</exception>
    /// <exception cref="LedgerRefusedException">
    /// Another version, another writer, a disk that cannot be written, or blocks that were taken away.
    /// </exception>
    public static LedgerFile Open(string directory, out Replay replay)
    {
        try
        {
            return OpenUnder(Lock(directory), directory, out replay);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new LedgerRefusedException(
                $"The ledger in {directory} cannot be written, or not all of it can be read: {failure.Message}",
                failure
            );
        }
    }

    private static LedgerFile OpenUnder(FileStream claimed, string directory, out Replay replay)
    {
        var path = System.IO.Path.Combine(directory, FileName);
        SafeFileHandle? handle = null;
        try
        {
            handle = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
            DurableFile.FlushFolder(directory);
            var ledger = new LedgerFile(path, handle, claimed);
            replay = ledger.Verify(Snapshot.Load(directory));
            return ledger;
        }
        catch
        {
            handle?.Dispose();
            claimed.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Appends blocks and flushes them to disk before it returns. After a failure the file is first brought back to what was
    /// flushed before, so that nothing of a group that failed is left under the next one.
    /// </summary>
    /// <param name="blocks">Each with its line, line end included.</param>
    /// <exception cref="IOException">The disk is full, cannot be written, or failed.</exception>
    public void Append(IReadOnlyList<(Block Block, byte[] Line)> blocks)
    {
        if (isTorn)
        {
            RandomAccess.SetLength(file, Length);
            RandomAccess.FlushToDisk(file);
        }

        isTorn = true;
        RandomAccess.Write(file, [.. blocks.Select(entry => (ReadOnlyMemory<byte>)entry.Line)], Length);
        RandomAccess.FlushToDisk(file);
        isTorn = false;
        foreach (var (block, line) in blocks)
        {
            Index.Add(block, new(Length, line.Length - 1));
            Length += line.Length;
        }
    }

    /// <summary>Reads one block back.</summary>
    /// <param name="height">Its place in the ledger.</param>
    /// <returns>Its line without the line end; null when there is no such block.</returns>
    public byte[]? ReadLine(long height)
    {
        if (Index.Find(height) is not { } place)
        {
            return null;
        }

        var line = new byte[place.Length];
        RandomAccess.Read(file, line, place.Offset);
        return line;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        file.Dispose();
        writerLock.Dispose();
    }

    /// <summary>The system frees the lock when the process ends, however it ends.</summary>
    /// <exception cref="LedgerRefusedException">Another process holds it.</exception>
    private static FileStream Lock(string directory)
    {
        Directory.CreateDirectory(directory);
        var path = System.IO.Path.Combine(directory, LockName);
        try
        {
            return new(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
        }
        catch (IOException taken) when (File.Exists(path))
        {
            throw new LedgerRefusedException(
                $"Another consensus has the ledger in {directory} open: a ledger has one writer.",
                taken
            );
        }
    }

    /// <summary>
    /// The hash chain cannot show that its end was taken away; a snapshot that stands further on can.
    /// </summary>
    private static LedgerRefusedException Shortened(Replay replay) =>
        new(
            string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"The ledger has {replay.Count} blocks, and the snapshot beside it stands at block {replay.SnapshotHeight}: "
            ) + "blocks were taken away. Bring the file back, or remove state.json to go on without them."
        );

    private Replay Verify(Snapshot? snapshot)
    {
        Index.Clear();
        var replay = new Replay(snapshot);
        using var stream = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        CutBytes = LedgerReader.ReadAll(stream, replay, (block, place) => Index.Add(block, place));
        if (!replay.SnapshotFits)
        {
            return replay.Count <= replay.SnapshotHeight ? throw Shortened(replay) : Verify(null);
        }

        Length = stream.Length - CutBytes;
        if (CutBytes > 0)
        {
            RandomAccess.SetLength(file, Length);
            RandomAccess.FlushToDisk(file);
        }

        return replay;
    }
}
