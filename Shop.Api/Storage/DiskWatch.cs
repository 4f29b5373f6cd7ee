using Npgsql;

namespace Shop.Api.Storage;

/// <summary>Whether the primary's disk is full, as its own errors and its next good write say.</summary>
public sealed class DiskWatch
{
    private volatile bool isFull;

    /// <summary>Whether the last write found no room.</summary>
    public bool IsFull => isFull;

    /// <summary>A write was committed.</summary>
    internal void NoteWrite() => isFull = false;

    private static bool IsDiskFull(string state) =>
        string.Equals(state, PostgresErrorCodes.DiskFull, StringComparison.Ordinal);

    /// <summary>Work on the database failed.</summary>
    internal void Note(Exception error)
    {
        for (var cause = error; cause is not null; cause = cause.InnerException)
        {
            if (cause is PostgresException postgres && IsDiskFull(postgres.SqlState))
            {
                isFull = true;
            }
        }
    }
}
