using Npgsql;

namespace LaboratoryBench.Processes;

/// <summary>What tests ask a server, each time on a session of its own: the pool of one that was killed is broken.</summary>
internal static class PostgresQuestions
{
    /// <summary>Runs statements as the superuser.</summary>
    /// <returns>The first value of the first row; null where there is none.</returns>
    internal static async Task<object?> Ask(this PostgresServer server, string sql, CancellationToken ct)
    {
        await using var source = NpgsqlDataSource.Create(server.ConnectionString() + ";Pooling=false");
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync(ct);
    }

    /// <summary>Whether it is a primary that has recovered.</summary>
    internal static async Task<bool> TakesWrites(this PostgresServer server, CancellationToken ct) =>
        await server.Ask("SELECT pg_is_in_recovery()", ct) is false;
}
