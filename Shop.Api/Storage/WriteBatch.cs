using Npgsql;
using Shop.Api.Data;

namespace Shop.Api.Storage;

/// <summary>
/// Work that is whole in one round trip: what it asks is known before anything is answered. So the storage sends the
/// commit along with it. An attempt is then of unknown outcome from its start on: work that does not find its earlier
/// outcome is hardly ever run again.
/// </summary>
/// <param name="Fill">
/// Adds the commands. The time, UTC, is when the work is given up: commands that find it over write nothing and fail,
/// since their client was told so.
/// </param>
/// <param name="Read">Reads the answers, from the first result to the last.</param>
public sealed record WriteBatch<T>(
    Action<NpgsqlBatch, DateTime> Fill,
    Func<NpgsqlDataReader, CancellationToken, Task<T>> Read
) : WriteCommand<T>
{
    /// <summary>The same work with another answer.</summary>
    /// <param name="answer">Pure: makes it from what the work returned.</param>
    public WriteBatch<TAnswer> Select<TAnswer>(Func<T, TAnswer> answer) =>
        new(Fill, async (reader, ct) => answer(await Read(reader, ct)));

    /// <inheritdoc/>
    public override async Task<T> Within(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var batch = connection.CreateBatch();
        Fill(batch, Times.Last);
        await using var reader = await batch.ExecuteReaderAsync(ct);
        return await Read(reader, ct);
    }

    internal override Task<T> Run(WriteAttempt<T> attempt, DateTime validUntil, CancellationToken opening) =>
        attempt.RunWhole(this, validUntil, opening);
}
