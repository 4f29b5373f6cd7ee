using Npgsql;
using Shop.Api.Data;

namespace Shop.Api.Storage;

/// <summary>
/// Work that is whole in one round trip: what it asks is known before anything is answered. So the storage may send the
/// commit along with it, where the mode needs no step between the two.
/// </summary>
/// <param name="Fill">
/// Adds the commands. The time, UTC, is when the work is given up: commands that find it over write nothing and fail,
/// since their client was told so.
/// </param>
/// <param name="Read">Reads the answers, from the first result on.</param>
public sealed record WriteBatch<T>(
    Action<NpgsqlBatch, DateTime> Fill,
    Func<NpgsqlDataReader, CancellationToken, Task<T>> Read
)
{
    /// <summary>The same work with another answer.</summary>
    /// <param name="answer">Pure: makes it from what the work returned.</param>
    public WriteBatch<TAnswer> Select<TAnswer>(Func<T, TAnswer> answer) =>
        new(Fill, async (reader, ct) => answer(await Read(reader, ct)));

    /// <summary>
    /// Runs it in the transaction that is open on <paramref name="connection"/>, whose owner may still not commit.
    /// </summary>
    /// <param name="connection">Open.</param>
    /// <param name="ct">Ends the work.</param>
    public Task<T> Run(NpgsqlConnection connection, CancellationToken ct) => Run(connection, Times.Last, ct);

    /// <summary>
    /// Runs it. Outside of a transaction it is one of its own: the server commits it at its end, or nothing of it.
    /// </summary>
    /// <param name="connection">Open.</param>
    /// <param name="validUntil">UTC; when the work is given up.</param>
    /// <param name="ct">Ends the work.</param>
    public async Task<T> Run(NpgsqlConnection connection, DateTime validUntil, CancellationToken ct)
    {
        await using var batch = connection.CreateBatch();
        // As a commit, it may carry one: the driver's time-out would end in a cancel.
        batch.Timeout = 0;
        Fill(batch, validUntil);
        await using var reader = await batch.ExecuteReaderAsync(ct);
        var result = await Read(reader, ct);
        // To the end: what fails there, the commit included, must not be overlooked.
        while (await reader.NextResultAsync(ct)) { }

        return result;
    }
}
