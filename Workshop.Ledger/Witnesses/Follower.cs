using System.Text.Json;
using Microsoft.Extensions.Logging;
using Workshop.Ledger.Blocks;
using Workshop.ServiceDefaults.Files;

namespace Workshop.Ledger.Witnesses;

/// <summary>
/// What a witness keeps of a ledger, in a folder: a copy whose chain holds, the state that a replay behind it gave, and the
/// last checkpoint that it signed. One thread takes lines, another one replays and signs.
/// </summary>
internal sealed class Follower : IDisposable
{
    private const string SignedFile = "signed.json";

    private const long BlocksPerSnapshot = 1000;

    private readonly string directory;

    private readonly WitnessKey? key;

    private readonly LedgerCopy copy;

    private readonly Replay replay;

    private readonly TimeProvider time;

    private readonly ILogger logger;

    private long readTo;

    private long savedAt;

    private Follower(string directory, WitnessKey? key, TimeProvider time, ILogger logger)
    {
        this.directory = directory;
        this.key = key;
        this.time = time;
        this.logger = logger;
        copy = LedgerCopy.Open(directory, logger);
        (replay, readTo) = Begin(copy, Snapshot.Load(directory));
        savedAt = replay.Count;
        Signed = StateFile.Read(
            Path.Combine(directory, SignedFile),
            content => JsonSerializer.Deserialize<SignedCheckpoint>(content),
            logger
        );
    }

    /// <summary>The copy.</summary>
    internal LedgerCopy Copy => copy;

    /// <summary>The block that comes next.</summary>
    internal long Next => copy.Count;

    /// <summary>Blocks that were replayed.</summary>
    internal long Replayed => replay.Count;

    /// <summary>What was signed last, in this life or an earlier one.</summary>
    internal SignedCheckpoint? Signed { get; private set; }

    /// <summary>The other witnesses that the ledger names: name, address, key.</summary>
    internal IReadOnlyList<(string Name, string Url, string Key)> Others(string? self) =>
        [
            .. replay
                .State.Members.Values.Where(member =>
                    member is { Key: not null, IsAtRisk: true } && !Same(member.Name, self)
                )
                .Select(member => (member.Name, member.Url, member.Key!)),
        ];

    /// <summary>Opens a folder.</summary>
    /// <param name="directory">Made if it is not there.</param>
    /// <param name="key">Null for one that signs nothing.</param>
    /// <param name="time">Says when a conflict was found.</param>
    /// <param name="logger">Hears of files that cannot be read.</param>
    /// <exception cref="IOException">It cannot be read or written.</exception>
    internal static Follower Open(string directory, WitnessKey? key, TimeProvider time, ILogger logger) =>
        new(directory, key, time, logger);

    /// <summary>Takes the next line.</summary>
    /// <exception cref="ConflictException">It does not follow, or is not what was signed.</exception>
    internal void Take(ReadOnlySpan<byte> line)
    {
        if (copy.Add(line) is { } reason)
        {
            throw new ConflictException(LedgerConflict.OfViolation(copy.Count, reason, line, time.GetUtcNow()));
        }

        if (
            Signed is var ((origin, height, hash), _)
            && copy.Head is { } head
            && !(head.Height == 0 ? Same(origin, head.Hash) : head.Height != height || Same(hash, head.Hash))
        )
        {
            throw new ConflictException(
                new LedgerConflict(
                    LedgerConflict.Rewritten,
                    head.Height,
                    head.Height == 0 ? origin : hash,
                    head.Hash,
                    $"Block {head.Height} is not the one that was signed: history was rewritten.",
                    null,
                    LedgerConflict.Text(line),
                    time.GetUtcNow()
                )
            );
        }
    }

    /// <summary>Replays some of what the copy holds.</summary>
    /// <param name="most">Blocks at most.</param>
    /// <returns>Whether there is more.</returns>
    /// <exception cref="ConflictException">A block does not settle as it says, or a signature does not verify.</exception>
    internal bool ReplaySome(int most)
    {
        var place = readTo;
        var ahead = new ParseAhead(buffer =>
        {
            var count = copy.Read(buffer.Span, place);
            place += count;
            return count;
        });
        var blocks = 0;
        foreach (var line in ahead.Lines().Take(most))
        {
            Add(line);
            readTo += line.Length + 1;
            blocks++;
        }

        if (replay.Count >= savedAt + BlocksPerSnapshot)
        {
            Save();
        }

        return blocks == most;
    }

    /// <summary>Signs the last block that was replayed, unless it was signed, or one behind it was.</summary>
    /// <returns>Null where there is nothing to sign.</returns>
    /// <exception cref="IOException">What is signed has to be kept first, and cannot be.</exception>
    internal SignedCheckpoint? Sign()
    {
        if (key is null || replay.Head is not { } head || head.Height <= Signed?.Checkpoint.Height)
        {
            return null;
        }

        copy.Flush();
        var signed = key.Sign(new(replay.Hashes.Origin!, head.Height, head.Hash));
        DurableFile.Replace(Path.Combine(directory, SignedFile), JsonSerializer.SerializeToUtf8Bytes(signed));
        Signed = signed;
        return signed;
    }

    /// <summary>Keeps the state, so that the next start replays what is new alone.</summary>
    internal void Save()
    {
        if (replay.Head is { } head && replay.Count > savedAt)
        {
            savedAt = replay.Count;
            try
            {
                new Snapshot(head.Height, head.Hash, replay.State).Save(directory);
            }
            catch (Exception full) when (full is IOException or UnauthorizedAccessException)
            {
                // The next start replays more. What has to be written is tried again by whoever signs.
                WitnessLog.StateNotKept(logger, directory, full.Message);
            }
        }
    }

    public void Dispose() => copy.Dispose();

    private void Add(ParsedLine line)
    {
        try
        {
            replay.Add(line);
        }
        catch (LedgerException bad)
        {
            throw Conflict(bad.Height, bad.Reason);
        }
        catch (LedgerRefusedException other)
        {
            throw Conflict(0, other.Message);
        }
    }

    private ConflictException Conflict(long height, string reason) =>
        new(LedgerConflict.OfViolation(height, reason, copy.LineAt(height)?.Line ?? [], time.GetUtcNow()));

    private static (Replay Replay, long Offset) Begin(LedgerCopy copy, Snapshot? snapshot) =>
        snapshot is not null
        && snapshot.Height >= copy.Count - SignatureCheck.MaximumAge
        && Same(copy.Hashes.At(snapshot.Height), snapshot.Hash)
        && copy.LineAt(snapshot.Height) is var (line, end)
        && Block.Parse(line, out var head) is null
            ? (Replay.Resume(snapshot, head!, copy.Hashes.Until(snapshot.Height + 1)), end)
            : (new Replay(), 0);

    private static bool Same(string? one, string? other) => string.Equals(one, other, StringComparison.Ordinal);
}
