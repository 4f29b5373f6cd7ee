using Npgsql;
using Workshop.Tests.ShopApi.Storage;

namespace Workshop.Tests.Shop.Api;

/// <summary>Somebody who holds a product's row until told to let go.</summary>
internal sealed class HeldRow(NpgsqlConnection holder, NpgsqlTransaction held) : IAsyncDisposable
{
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
        return new(holder, held);
    }

    /// <summary>Lets go.</summary>
    public Task LetGo(CancellationToken ct) => held.RollbackAsync(ct);

    public async ValueTask DisposeAsync()
    {
        await held.DisposeAsync();
        await holder.DisposeAsync();
    }
}
