using System.Diagnostics;
using Npgsql;
using Shop.Api.Carts;
using Shop.Api.Orders;
using Shop.Api.Products;
using Shop.Api.Storage;

namespace ShopBench;

/// <summary>
/// The shop's own statements and driver settings on Npgsql alone: no HTTP, no JSON, no context. As fast as the shop could
/// ever be.
/// </summary>
internal sealed class DirectNpgsql(string database, string[] products) : IAsyncDisposable
{
    /// <summary>
    /// Not a route, but what every write waits for: one row of eight bytes, committed. As fast as this disk makes anything
    /// durable.
    /// </summary>
    public const string Commit = "commit";

    /// <summary>Of every contender of ours.</summary>
    public const int MaxConnections = 64;

    private readonly NpgsqlDataSource source = NpgsqlDataSource.Create(
        ShopDataSources.Settings(database, MaxConnections)
    );

    private readonly Guid[] ids = [.. products.Select(Guid.Parse)];

    /// <summary>Makes the table that <see cref="Commit"/> writes to.</summary>
    public async Task PrepareCommits(CancellationToken ct)
    {
        await using var table = source.CreateCommand("CREATE TABLE commits (number bigint NOT NULL)");
        await table.ExecuteNonQueryAsync(ct);
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();

    public async Task<double> Run(string route, int connections, TimeSpan duration, int seed, CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(
            Enumerable.Range(0, connections).Select(worker => Task.Run(() => Work(worker), ct))
        );
        return counts.Sum() / Stopwatch.GetElapsedTime(started).TotalSeconds;

        async Task<int> Work(int worker)
        {
            var random = new Random(seed + worker);
            var done = 0;
            while (Stopwatch.GetElapsedTime(started) < duration)
            {
                await using var connection = await source.OpenConnectionAsync(ct);
                await Once(connection, route, ids[random.Next(ids.Length)], $"user-{random.Next(1_000_000)}", ct);
                done++;
            }

            return done;
        }
    }

    private static async Task Once(
        NpgsqlConnection connection,
        string route,
        Guid product,
        string user,
        CancellationToken ct
    )
    {
        switch (route)
        {
            case "list":
                await ProductList.Page(connection, new() { Limit = 20 }, ct);
                break;
            case "product":
                await ProductStore.Find(connection, product, ct);
                break;
            case Commit:
                await using (var insert = new NpgsqlCommand("INSERT INTO commits VALUES (1)", connection))
                {
                    await insert.ExecuteNonQueryAsync(ct);
                }

                break;
            case "cart":
                await using (var transaction = await connection.BeginTransactionAsync(ct))
                {
                    await CartStore.Add(connection, new(user), new(product, 1), ct);
                    await transaction.CommitAsync(ct);
                }

                break;
            default:
                // In basic mode a transaction of its own, as here.
                var draft = new OrderDraft(Guid.CreateVersion7(), user, [new(product, 1)], DateTime.UnixEpoch);
                await OrderPlacement.Of(draft).Within(connection, ct);
                break;
        }
    }
}
