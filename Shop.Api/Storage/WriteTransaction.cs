using Npgsql;

namespace Shop.Api.Storage;

/// <summary>Work that asks more than once, or whose next question depends on an answer: it gets a transaction.</summary>
/// <param name="Work">
/// Reads and writes on the connection it is given, and neither begins nor commits a transaction.
/// </param>
public sealed record WriteTransaction<T>(Func<NpgsqlConnection, CancellationToken, Task<T>> Work) : WriteCommand<T>
{
    /// <inheritdoc/>
    public override Task<T> Within(NpgsqlConnection connection, CancellationToken ct) => Work(connection, ct);

    internal override Task<T> Run(WriteAttempt<T> attempt, DateTime validUntil, CancellationToken opening) =>
        attempt.Run(Work, opening);
}
