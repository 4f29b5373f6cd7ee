using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shop.Api.Storage;
using Xunit;

namespace Workshop.Tests.Shop.Api.Storage;

/// <summary>Work whose commit was sent, and whose answer nobody has heard.</summary>
[Collection(nameof(ShopCrowdTests))]
public sealed class UnknownOutcomeTests(ShopFixture shop)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_next_try_looks_for_what_the_first_one_did()
    {
        var (server, _) = await shop.Servers();
        var product = await server.Client.NewProduct(stock: 1);
        var storage = server.Services.GetRequiredService<ShopStorage>();
        // It takes the last piece, and breaks off while its answer is read.
        var take = new WriteBatch<string>(
            (batch, _) => batch.BatchCommands.Add(Taking(product)),
            (_, _) => throw new IOException("The connection broke.")
        )
        {
            Repeatable = true,
            AfterUnknown = new WriteTransaction<string>(
                async (connection, token) =>
                {
                    await using var look = new NpgsqlCommand("SELECT stock FROM products WHERE id = $1", connection)
                    {
                        Parameters = { new() { Value = Guid.Parse(product) } },
                    };
                    return $"left {await look.ExecuteScalarAsync(token)}";
                }
            ),
        };

        Assert.Equal("left 0", await storage.Write(take, Ct));
        Assert.Equal(0, await server.Client.Stock(product));
    }

    private static NpgsqlBatchCommand Taking(string product) =>
        new("UPDATE products SET stock = stock - 1 WHERE id = $1")
        {
            Parameters = { new() { Value = Guid.Parse(product) } },
        };
}
