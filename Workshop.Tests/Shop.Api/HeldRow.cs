using LaboratoryBench.Processes;
using Npgsql;
using Workshop.Tests.ShopApi.Storage;

namespace Workshop.Tests.Shop.Api;

/// <summary>Somebody who holds a product's row until told to let go.</summary>
internal sealed class HeldRow(string database, NpgsqlConnection holder, NpgsqlTransaction held) : IAsyncDisposable
{
    private const string Waits = """
        SELECT EXISTS (
            SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database())
        """;

    /// <summary>Short beside the time for which the shop waits for a lock.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Takes the row.</summary>
    public static async Task<HeldRow> Of(string database, string product, CancellationToken ct)
    {
        var holder = await SynchronousPair.Open(database);
        var held = await holder.BeginTransactionAsync(ct);
        await using var locking = new NpgsqlCommand("SELECT FROM products WHERE id = $1 FOR UPDATE", holder)
        {
            Parameters = { new() { Value = Guid.Parse(product) } },
        };
        await locking.ExecuteNonQueryAsync(ct);
        return new(database, holder, held);
    }

    /// <summary>Waits until somebody waits for it; nobody else in the database may wait for a lock meanwhile.</summary>
    public async Task UntilSomebodyWaits(CancellationToken ct)
    {
        // On a session of its own: within a transaction all is shown as it was at the first look.
        await using var looker = await SynchronousPair.Open(database);
        await using var look = new NpgsqlCommand(Waits, looker);
        await Eventually.Holds(async () => await look.ExecuteScalarAsync(ct) is true, ct, pause: Pause);
    }

    /// <summary>Lets go.</summary>
    public Task LetGo(CancellationToken ct) => held.RollbackAsync(ct);

    public async ValueTask DisposeAsync()
    {
        await held.DisposeAsync();
        await holder.DisposeAsync();
    }
}
