using System.Globalization;
using Workshop.AppHost.Hosting;
using Workshop.AppHost.Processes;

namespace Workshop.AppHost.Postgres;

/// <summary>A backup that is kept.</summary>
/// <param name="Name">Its folder's name.</param>
/// <param name="At">From when on changes are not in it.</param>
internal sealed record Backup(string Name, DateTimeOffset At);

/// <summary>
/// Backups of the shop's database, with the prediction network's ledger, in the state folder. A base backup with the
/// log of its own duration: it is whole by itself.
/// </summary>
internal sealed class Backups(StateFolder state, TimeProvider time)
{
    private const int Kept = 5;

    private const string Database = "postgres";

    private const string Label = "backup_label";

    private const string Draft = ".new";

    private const string Slot = "backup";

    private const string TimeFormat = "yyyyMMdd'T'HHmmssfff'Z'";

    private string Folder => Path.Combine(state.Root, "backups");

    /// <summary>All that are kept, newest first.</summary>
    internal IReadOnlyList<Backup> All() =>
        Directory.Exists(Folder)
            ?
            [
                .. Directory
                    .EnumerateDirectories(Folder)
                    .Select(folder => (Name: Path.GetFileName(folder), At: TimeOf(Path.GetFileName(folder))))
                    .Where(backup => backup.At is not null)
                    .OrderByDescending(backup => backup.At)
                    .Select(backup => new Backup(backup.Name, backup.At!.Value)),
            ]
            : [];

    /// <summary>Makes one of a running primary; the oldest beyond five go.</summary>
    internal async Task<Backup> Make(PostgresFiles primary, CancellationToken ct)
    {
        var at = time.GetUtcNow();
        var name = at.ToString(TimeFormat, CultureInfo.InvariantCulture);
        Directory.CreateDirectory(Folder);
        // What a backup left whose host was killed.
        foreach (var left in Directory.EnumerateDirectories(Folder, "*" + Draft))
        {
            DataFolder.Delete(left);
        }

        var draft = Directory.CreateDirectory(Path.Combine(Folder, name + Draft)).FullName;
        try
        {
            await Copy(primary, name, Path.Combine(draft, Database), ct);
        }
        catch
        {
            // Perhaps for want of room, which the primary needs for its log.
            DataFolder.Delete(draft);
            throw;
        }

        var ledger = Path.Combine(state.DataOf("consensus"), "ledger.jsonl");
        if (File.Exists(ledger))
        {
            File.Copy(ledger, Path.Combine(draft, "ledger.jsonl"));
        }

        Directory.Move(draft, Path.Combine(Folder, name));
        foreach (var old in All().Skip(Kept))
        {
            DataFolder.Delete(Path.Combine(Folder, old.Name));
        }

        return new(name, at);
    }

    /// <summary>
    /// Puts the newest in the place of a server's data, which does not run. Its next start replays the backup's own log
    /// and begins a timeline, so that nothing that a client remembers of the lost time is taken for what is now.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    internal async Task<Backup> Restore(PostgresFiles server)
    {
        var newest = All() is [var first, ..] ? first : throw new InvalidOperationException("There is no backup.");
        var source = Path.Combine(Folder, newest.Name, Database);
        await DataFolder.Renew(
            server.Folder,
            draft =>
            {
                DataFolder.Copy(source, draft, withLog: true);
                File.Copy(Path.Combine(source, Label), Path.Combine(draft, Label));
                DataFolder.CopyHistories(server.Folder, draft);
                DataFolder.RecoverToEnd(draft, "current");
                UnprivilegedUser.Needed()?.Own(draft);
                return Task.CompletedTask;
            }
        );
        return newest;
    }

    private static async Task Copy(PostgresFiles primary, string name, string copy, CancellationToken ct)
    {
        await using var session = await ServerSession.Open(primary.ConnectionString(), ct);
        // The slot keeps the log that is written meanwhile.
        await session.MakeSlot(Slot, ct);
        try
        {
            await session.BeginBackup(name, ct);
            await Task.Run(() => DataFolder.Copy(primary.Folder, copy, withLog: false), ct);
            var label = await session.EndBackup(ct);
            DataFolder.CopyLog(primary.Folder, copy);
            await File.WriteAllTextAsync(Path.Combine(copy, Label), label, ct);
        }
        finally
        {
            await session.DropSlot(Slot, CancellationToken.None);
        }
    }

    private static DateTimeOffset? TimeOf(string name) =>
        DateTimeOffset.TryParseExact(
            name,
            TimeFormat,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var at
        )
            ? at
            : null;
}
