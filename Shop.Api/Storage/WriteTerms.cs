namespace Shop.Api.Storage;

/// <summary>What may be done with a piece of work and its result.</summary>
public sealed record WriteTerms<T>
{
    /// <summary>
    /// The work finds its own earlier outcome on the primary (by idempotency key, or by an id made before the work), so it
    /// may be run again after a commit whose outcome is not known.
    /// </summary>
    public bool Repeatable { get; init; }

    /// <summary>The receipt to keep, outside the database, once the result is committed; null for none.</summary>
    public Func<T, OrderReceipt?>? Receipt { get; init; }
}

/// <summary>What is kept of an acknowledged order.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="IdempotencyKey">The client's key, if it sent one.</param>
public sealed record OrderReceipt(Guid OrderId, string? IdempotencyKey);
