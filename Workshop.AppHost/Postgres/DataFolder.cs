using System.Globalization;
using Workshop.AppHost.Hosting;
using Workshop.AppHost.Processes;

namespace Workshop.AppHost.Postgres;

/// <summary>A server's data folder as files: how it is made, copied and turned into a standby's.</summary>
internal static partial class DataFolder
{
    private const string AutoConf = "postgresql.auto.conf";

    private const string StandbySignal = "standby.signal";

    private const string RecoverySignal = "recovery.signal";

    private const string VersionFile = "PG_VERSION";

    /// <summary>Files of the log that tell where each timeline began.</summary>
    private const string Histories = "????????.history";

    private const string FileMap = "pg_filenode.map";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Settings that a server has as one of two.</summary>
    private static readonly string[] OfPairs = ["synchronous_standby_names", "primary_conninfo", "primary_slot_name"];

    /// <summary>Settings of <see cref="RecoverToEnd"/>, which a standby must not have.</summary>
    private static readonly string[] OfRecoveries = ["restore_command", "recovery_target_timeline"];

    /// <summary>Every server has these.</summary>
    private static readonly string[] Folders = ["global", "base", "pg_wal", "pg_xact"];

    /// <summary>Copied as empty folders: what is in them belongs to the running server (as in a base backup).</summary>
    private static readonly HashSet<string> EmptyFolders = new(StringComparer.Ordinal)
    {
        "pg_dynshmem",
        "pg_notify",
        "pg_replslot",
        "pg_serial",
        "pg_snapshots",
        "pg_stat_tmp",
        "pg_subtrans",
    };

    /// <summary>Not copied at all.</summary>
    private static readonly HashSet<string> OmittedFiles = new(StringComparer.Ordinal)
    {
        "postmaster.pid",
        "postmaster.opts",
        "backup_label",
        "tablespace_map",
        StandbySignal,
        RecoverySignal,
        "current_logfiles",
    };

    /// <summary>Whether <paramref name="folder"/> holds a server's data, whole or not.</summary>
    internal static bool Exists(string folder) =>
        File.Exists(Path.Combine(folder, VersionFile)) || Directory.Exists(Path.Combine(folder, "global"));

    /// <summary>What is wrong with the files without which no server starts, in words; null where nothing is.</summary>
    internal static string? Damage(string folder)
    {
        if (IsHalfRewound(folder))
        {
            return "pg_rewind was cut short";
        }

        var missing = Array.Find(Folders, name => !Directory.Exists(Path.Combine(folder, name)));
        if (missing is not null)
        {
            return $"{missing} is missing";
        }

        string[] maps =
        [
            Path.Combine("global", FileMap),
            .. Directory
                .EnumerateDirectories(Path.Combine(folder, "base"))
                .Where(database => File.Exists(Path.Combine(database, FileMap)))
                .Select(database => Path.Combine("base", Path.GetFileName(database), FileMap)),
        ];
        var empty = maps.Prepend(VersionFile)
            .FirstOrDefault(name => new FileInfo(Path.Combine(folder, name)) is not { Exists: true, Length: > 0 });
        return empty is not null ? $"{empty} is empty or missing"
            : !ControlFile.IsWhole(folder) ? "global/pg_control is not what its server wrote"
            : null;
    }

    /// <summary>Whether the server of <paramref name="folder"/> starts as a standby, or was being made one.</summary>
    internal static bool IsStandby(string folder) =>
        IsHalfRewound(folder) || File.Exists(Path.Combine(folder, StandbySignal));

    /// <summary>
    /// Before its history is taken back: if that is cut short, the folder looks like a primary's of the other server's timeline.
    /// </summary>
    internal static void BeginRewind(string folder) => WholeFile.Replace(RewindMarker(folder), []);

    /// <summary>It was taken back whole, and the folder is a standby's.</summary>
    internal static void EndRewind(string folder) => File.Delete(RewindMarker(folder));

    /// <summary>
    /// The newest timeline that the folder knows of. A promotion writes the new one's history file before anything
    /// else, and the server never removes one.
    /// </summary>
    internal static int Timeline(string folder)
    {
        var log = Path.Combine(folder, "pg_wal");
        return !Directory.Exists(log)
            ? 0
            : Directory
                .EnumerateFiles(log, Histories)
                .Select(file =>
                    int.Parse(
                        Path.GetFileNameWithoutExtension(file),
                        NumberStyles.HexNumber,
                        CultureInfo.InvariantCulture
                    )
                )
                .DefaultIfEmpty(1)
                .Max();
    }

    /// <summary>
    /// Copies a folder, which a running server may be writing (between <c>pg_backup_start</c> and <c>_stop</c>): files
    /// may come and go, and the log is left out, for a standby fetches it through its slot.
    /// </summary>
    /// <param name="source">The server's folder.</param>
    /// <param name="target">A folder that does not exist.</param>
    /// <param name="withLog">Also the write-ahead log, which a copy of a folder at rest needs.</param>
    internal static void Copy(string source, string target, bool withLog)
    {
        Directory.CreateDirectory(target, OwnerOnly);
        CopyEntries(source, new(source), target, withLog);
        if (!withLog)
        {
            Directory.CreateDirectory(Path.Combine(target, "pg_wal", "archive_status"), OwnerOnly);
            Directory.CreateDirectory(Path.Combine(target, "pg_wal", "summaries"), OwnerOnly);
        }
    }

    /// <summary>Copies the segments of the write-ahead log that are there now.</summary>
    internal static void CopyLog(string source, string target) => CopyLog(source, target, "*", _ => true);

    /// <summary>
    /// Tells a server of all timelines that another folder knows, so that the one which it begins was never before.
    /// </summary>
    internal static void CopyHistories(string source, string target)
    {
        if (Directory.Exists(Path.Combine(source, "pg_wal")))
        {
            CopyLog(source, target, Histories, copy => !File.Exists(copy));
        }
    }

    private static void CopyLog(string source, string target, string pattern, Func<string, bool> isWanted)
    {
        foreach (var file in new DirectoryInfo(Path.Combine(source, "pg_wal")).EnumerateFiles(pattern))
        {
            var copy = Path.Combine(target, "pg_wal", file.Name);
            if (isWanted(copy))
            {
                CopyFile(source, file, copy);
            }
        }
    }

    /// <summary>
    /// Makes the server of <paramref name="folder"/> replay the log that it has, and then begin a timeline.
    /// </summary>
    /// <param name="folder">The server's folder.</param>
    /// <param name="timeline">
    /// Which log: <c>latest</c> is all that it has received, also beyond a promotion of which its control file does not know yet;
    /// <c>current</c> is a backup's own, whatever timelines it knows of.
    /// </param>
    internal static void RecoverToEnd(string folder, string timeline)
    {
        // There is no archive to ask; without a command the server would refuse to recover.
        RewriteAutoConf(folder, ["restore_command = 'false'", $"recovery_target_timeline = {Quote(timeline)}"]);
        GuardedFiles.Write(folder, RecoverySignal, []);
    }

    /// <summary>
    /// Makes the server of <paramref name="folder"/> a standby that streams through <paramref name="connection"/>. The
    /// names of synchronous standbys came along from the primary: with them the server, once promoted, would wait for
    /// itself.
    /// </summary>
    internal static void FollowPrimary(string folder, string connection, string slot)
    {
        RewriteAutoConf(folder, [$"primary_conninfo = {Quote(connection)}", $"primary_slot_name = {Quote(slot)}"]);
        GuardedFiles.Write(folder, StandbySignal, []);
    }

    /// <summary>
    /// Makes the server of <paramref name="folder"/> start as a primary of its own, with nobody to wait for.
    /// </summary>
    internal static void StandAlone(string folder)
    {
        RewriteAutoConf(folder, [], isToRecover: File.Exists(Path.Combine(folder, RecoverySignal)));
        File.Delete(Path.Combine(folder, StandbySignal));
    }

    /// <summary>
    /// Ends processes that an earlier host left on <paramref name="folder"/>, then its lock file, and what it had begun to put
    /// in the folder's place.
    /// </summary>
    /// <returns>How many were ended.</returns>
    internal static async Task<int> EndLeftovers(string folder, CancellationToken ct)
    {
        var leftovers = ProcessTable.WorkingIn(folder, "postgres");
        foreach (var leftover in leftovers)
        {
            SystemCalls.Send(leftover.Id, Signal.Kill);
        }

        await ProcessTable.SeeDead(leftovers, TimeSpan.FromSeconds(10), ct);
        FinishReplace(folder);
        if (Directory.Exists(folder))
        {
            File.Delete(Path.Combine(folder, "postmaster.pid"));
        }

        return leftovers.Count;
    }

    private static bool IsHalfRewound(string folder) => File.Exists(RewindMarker(folder));

    /// <summary>Beside the folder: in it <c>pg_rewind</c> would take the file away.</summary>
    private static string RewindMarker(string folder) => folder + ".rewind";

    private static void CopyEntries(string root, DirectoryInfo source, string target, bool withLog)
    {
        foreach (var entry in source.EnumerateFileSystemInfos())
        {
            var copy = Path.Combine(target, entry.Name);
            if (entry is FileInfo file)
            {
                CopyFile(root, file, copy);
            }
            else if (entry.LinkTarget is { } elsewhere)
            {
                throw new InvalidOperationException(
                    $"{entry.FullName} leads to {elsewhere}, and is not followed. Remove it."
                );
            }
            else if (withLog || !string.Equals(entry.Name, "pg_wal", StringComparison.Ordinal))
            {
                Directory.CreateDirectory(copy, OwnerOnly);
                if (!EmptyFolders.Contains(entry.Name))
                {
                    CopyEntries(root, (DirectoryInfo)entry, copy, withLog);
                }
            }
        }
    }

    private static void CopyFile(string root, FileInfo file, string copy)
    {
        if (OmittedFiles.Contains(file.Name) || file.Name.StartsWith("pgsql_tmp", StringComparison.Ordinal))
        {
            return;
        }

        try
        {
            using var from = GuardedFiles.Open(root, file.FullName);
            using var to = GuardedFiles.Create(copy);
            from.CopyTo(to);
        }
        catch (FileNotFoundException)
        {
            // Dropped since the folder was listed; the log, replayed, drops it in the copy too.
        }
    }

    private static void RewriteAutoConf(string folder, string[] added, bool isToRecover = false)
    {
        string[] replaced = isToRecover ? OfPairs : [.. OfPairs, .. OfRecoveries];
        var kept = GuardedFiles
            .ReadLines(folder, AutoConf)
            .Where(line => !Array.Exists(replaced, name => line.StartsWith(name, StringComparison.Ordinal)));
        GuardedFiles.Write(folder, AutoConf, [.. kept, .. added]);
    }

    private static string Quote(string value) => $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";
}
