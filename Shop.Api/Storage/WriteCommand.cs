using Npgsql;

namespace Shop.Api.Storage;

/// <summary>A piece of work for the primary, and what may be done with it and its result.</summary>
public abstract record WriteCommand<T>
{
    private protected WriteCommand() { }

    /// <summary>
    /// The work finds its own earlier outcome on the primary (by idempotency key, or by an id made before the work), so it
    /// may be run again after a commit whose outcome is not known.
    /// </summary>
    public bool Repeatable { get; init; }

    /// <summary>
    /// Runs instead of this one once the outcome of a try is not known: it looks for that outcome first, where the work itself
    /// would take what it did for what others did. Null where the work finds it by itself.
    /// </summary>
    public WriteCommand<T>? AfterUnknown { get; init; }

    /// <summary>The receipt to keep, outside the database, once the result is committed; null for none.</summary>
    public Func<T, OrderReceipt?>? Receipt { get; init; }

    /// <summary>
    /// Runs it in the transaction that is open on <paramref name="connection"/>, whose owner may still not commit.
    /// </summary>
    /// <param name="connection">Open.</param>
    /// <param name="ct">Ends the work.</param>
    public abstract Task<T> Within(NpgsqlConnection connection, CancellationToken ct);

    /// <summary>Runs and commits it once.</summary>
    /// <param name="attempt">Opens, commits, and knows what is known.</param>
    /// <param name="validUntil">UTC; when nobody waits for it any more.</param>
    /// <param name="opening">Ends the wait for a connection.</param>
    /// <returns>The result, committed.</returns>
    internal abstract Task<T> Run(WriteAttempt<T> attempt, DateTime validUntil, CancellationToken opening);
}

/// <summary>What is kept of an acknowledged order.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="IdempotencyKey">The client's key, if it sent one.</param>
public sealed record OrderReceipt(Guid OrderId, string? IdempotencyKey);
