using Npgsql;

namespace Shop.Api.Storage;

/// <summary>One way of storing the shop. One implementation stands for each folder beside this file.</summary>
public interface IStorageMode
{
    /// <summary>Whether there is a second server: commits are then marked, and their positions read.</summary>
    bool Replicated { get; }

    /// <summary>Opens a connection to the primary, for a write; waits while the primary is known to be lost.</summary>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>A connection of the caller's own, to be disposed.</returns>
    ValueTask<NpgsqlConnection> OpenWrite(CancellationToken ct);

    /// <summary>Opens a session for a read: on the primary, or on a replica that has what the reader wrote.</summary>
    /// <param name="ct">Ends the opening.</param>
    /// <returns>A session of the caller's own, to be disposed.</returns>
    ValueTask<ReadSession> OpenRead(CancellationToken ct);

    /// <summary>Hears of a write that is committed as the mode promises, before its client does.</summary>
    /// <param name="position">Where its commit stands.</param>
    void Acknowledged(CommitPosition position);

    /// <summary>
    /// Ends when the primary becomes another one. Taken before a try, so that a change during the try is not missed.
    /// </summary>
    Task Moved { get; }

    /// <summary>
    /// Ends when sessions are opened at another server, and those of now are neither used again nor ended by anybody. Taken when
    /// one has been opened.
    /// </summary>
    Task Replaced { get; }

    /// <summary>Waits before the next try, and less if the primary changed since the last one began.</summary>
    /// <param name="error">Why the last one failed.</param>
    /// <param name="moved"><see cref="Moved"/>, as it was before the try.</param>
    /// <param name="wait">The longest wait.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>A task that ends when trying again makes sense.</returns>
    Task Recover(Exception error, Task moved, TimeSpan wait, CancellationToken ct);
}
