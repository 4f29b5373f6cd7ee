using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Win32.SafeHandles;
using Workshop.ServiceDefaults.Files;

namespace Shop.Api.Storage.Receipts;

/// <summary>
/// The receipts of this server, in a file of its own folder. A receipt is in the operating system's hands before its order
/// is acknowledged, so it outlives the process. Bounded: a full file becomes the older one, and the older one before it goes.
/// </summary>
public sealed class ReceiptBook : IDisposable
{
    /// <summary>Receipts per file; at most two files are kept.</summary>
    public const int MaxPerFile = 100_000;

    private readonly string? folder;
    private readonly string name;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly Lock gate = new();
    private SafeFileHandle? file;
    private long length;
    private int lines;
    private int missed;

    /// <summary>Opens the book, and goes on where an earlier process ended.</summary>
    /// <param name="folder">A folder that outlives the process; null keeps no receipts.</param>
    /// <param name="instance">The server's name, part of the file's.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Hears of what cannot be kept; null tells nobody.</param>
    public ReceiptBook(string? folder, string instance, TimeProvider time, ILogger<ReceiptBook>? logger = null)
    {
        this.folder = folder;
        this.time = time;
        this.logger = logger ?? NullLogger<ReceiptBook>.Instance;
        name = $"receipts-{instance}";
        if (folder is null)
        {
            return;
        }

        try
        {
            Open();
        }
        catch (Exception error) when (IsOfTheDisk(error))
        {
            LogMessages.ReceiptMissed(this.logger, Current, error.Message);
        }
    }

    /// <summary>Whether a receipt is missing since the start, so that lost orders could not all be listed.</summary>
    public bool IsComplete => Volatile.Read(ref missed) == 0;

    /// <summary>Whether receipts are kept at all.</summary>
    public bool IsKept => folder is not null;

    private string Current => Path.Combine(folder!, $"{name}.jsonl");

    private string Older => Path.Combine(folder!, $"{name}.1.jsonl");

    /// <summary>
    /// Keeps a receipt. One that cannot be kept is counted and told: its order is committed, whatever becomes of its receipt.
    /// </summary>
    /// <param name="receipt">Of an order that is committed.</param>
    /// <param name="position">Where its commit stands.</param>
    public void Add(OrderReceipt receipt, CommitPosition position)
    {
        if (folder is null)
        {
            return;
        }

        var line = new Receipt(
            receipt.IdempotencyKey,
            receipt.OrderId,
            position.Timeline,
            position.Position.ToString(),
            time.GetUtcNow()
        ).Write();
        lock (gate)
        {
            try
            {
                Write(line);
            }
            catch (Exception error) when (IsOfTheDisk(error))
            {
                if (Interlocked.Increment(ref missed) == 1)
                {
                    LogMessages.ReceiptMissed(logger, Current, error.Message);
                }
            }
        }
    }

    private void Write(byte[] line)
    {
        if (lines >= MaxPerFile)
        {
            Rotate();
        }

        if (file is null)
        {
            Open();
        }

        // A line that was cut short is written over by the next one.
        RandomAccess.Write(file!, line, length);
        length += line.Length;
        lines++;
    }

    /// <summary>All receipts that are kept, oldest first.</summary>
    /// <returns>At most two files' worth.</returns>
    public IReadOnlyList<Receipt> Read()
    {
        if (folder is null)
        {
            return [];
        }

        lock (gate)
        {
            try
            {
                return
                [
                    .. new[] { Older, Current }
                        .Where(File.Exists)
                        .SelectMany(Lines)
                        .Select(Receipt.Read)
                        .OfType<Receipt>(),
                ];
            }
            catch (Exception error) when (IsOfTheDisk(error))
            {
                Interlocked.Increment(ref missed);
                LogMessages.ReceiptMissed(logger, Current, error.Message);
                return [];
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => file?.Dispose();

    private void Open()
    {
        Directory.CreateDirectory(folder!);
        foreach (var path in new[] { Current, Older }.Where(Directory.Exists))
        {
            StateFile.SetAside(path, "It is a folder.", logger);
        }

        lines = File.Exists(Current) ? File.ReadLines(Current).Count() : 0;
        file = File.OpenHandle(Current, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
        length = LineFile.EndTornLine(file);
    }

    private void Rotate()
    {
        file?.Dispose();
        file = null;
        File.Move(Current, Older, overwrite: true);
        Open();
    }

    private static bool IsOfTheDisk(Exception error) => error is IOException or UnauthorizedAccessException;

    private static IEnumerable<string> Lines(string path) => File.ReadLines(path);
}
