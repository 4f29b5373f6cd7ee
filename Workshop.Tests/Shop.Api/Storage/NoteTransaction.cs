using System.Globalization;
using LaboratoryBench.Processes;
using Npgsql;
using Shop.Api.Storage;

namespace Workshop.Tests.ShopApi.Storage;

/// <summary>One transaction on the table of notes, on a connection of its own.</summary>
internal sealed class NoteTransaction : IAsyncDisposable
{
    public const string Table = "CREATE TABLE notes (id int PRIMARY KEY)";

    private readonly NpgsqlConnection connection;

    private NoteTransaction(NpgsqlConnection connection, NpgsqlTransaction transaction)
    {
        this.connection = connection;
        Transaction = transaction;
    }

    public NpgsqlTransaction Transaction { get; }

    public static Task<NoteTransaction> Begin(PostgresServer server, CancellationToken ct) =>
        Begin(server.ConnectionString(), ct);

    public static async Task<NoteTransaction> Begin(string connectionString, CancellationToken ct)
    {
        var opened = await SynchronousPair.Open(connectionString);
        return new(opened, await opened.BeginTransactionAsync(ct));
    }

    public Task Insert(int id) => Run(string.Create(CultureInfo.InvariantCulture, $"INSERT INTO notes VALUES ({id})"));

    public async Task Run(string statement)
    {
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { new(statement) } };
        await batch.ExecuteNonQueryAsync();
    }

    public async Task<bool> Has(int id)
    {
        await using var find = new NpgsqlCommand("SELECT EXISTS (SELECT FROM notes WHERE id = @id)", connection)
        {
            Parameters = { new("id", id) },
        };
        return await find.ExecuteScalarAsync() is true;
    }

    public Task<CommitPosition?> Commit() => CommitGuard.CommitAsync(connection, replicated: true);

    public async ValueTask DisposeAsync()
    {
        await Transaction.DisposeAsync();
        await connection.DisposeAsync();
    }
}
