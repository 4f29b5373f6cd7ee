using Npgsql;
using NpgsqlTypes;
using Shop.Api.Storage.Pair;

namespace Shop.Api.Storage.AsynchronousReplication;

/// <summary>Has the token of a request grow with what it read on the primary.</summary>
internal sealed class ReadPositions(DatabasePair pair, ReadTokens tokens)
{
    /// <summary>How far the primary is: past everything that a read which has begun can see.</summary>
    private const string Inserted = """
        SELECT here, ('x' || left(pg_walfile_name(here), 8))::bit(32)::bigint FROM pg_current_wal_insert_lsn() AS here
        """;

    /// <summary>What the client was shown by the primary it must also be shown by the replica from now on.</summary>
    public async Task Note()
    {
        // Not another one for reads: if all reads held one and waited for a second, none would go on.
        await using var connection = await pair.PrimaryForWrites.OpenConnectionAsync(CancellationToken.None);
        await using var asking = new NpgsqlCommand(Inserted, connection);
        if (await Ask(asking) is { } position)
        {
            tokens.Add(position);
        }
    }

    /// <summary>Reads a position and its timeline, where the answer has a row of them.</summary>
    internal static async Task<CommitPosition?> Ask(NpgsqlCommand asking)
    {
        await using var reader = await asking.ExecuteReaderAsync(CancellationToken.None);
        return await reader.ReadAsync(CancellationToken.None) && !await reader.IsDBNullAsync(0, CancellationToken.None)
            ? new(
                (uint)reader.GetInt64(1),
                await reader.GetFieldValueAsync<NpgsqlLogSequenceNumber>(0, CancellationToken.None)
            )
            : null;
    }
}
