using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shop.Api.Storage;
using Xunit;

namespace Workshop.Tests.Shop.Api.Storage;

/// <summary>Sessions go back to their pool without a reset, so each must be as it came.</summary>
[Collection(nameof(ShopCrowdTests))]
public sealed class SessionTests(ShopFixture shop)
{
    [Fact]
    public async Task The_migration_leaves_no_lock_and_no_time_limit_of_its_own_behind()
    {
        await shop.Servers();
        await using var fresh = new ShopServer(shop.Database, "shop-api-fresh");
        await fresh.UntilHealthy(TestContext.Current.CancellationToken);

        // Some at once: the migration's session is the only idle one, so one of them has it.
        var storage = fresh.Services.GetRequiredService<ShopStorage>();
        var sessions = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Ask(storage)));

        Assert.All(sessions, session => Assert.Equal("1500ms 10s 0 locks", session));
    }

    private static Task<string> Ask(ShopStorage storage) =>
        storage.Write(
            new WriteTransaction<string>(
                async (connection, token) =>
                {
                    await using var command = new NpgsqlCommand(
                        """
                        SELECT current_setting('lock_timeout') || ' ' || current_setting('statement_timeout') || ' '
                            || (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid())
                            || ' locks' || pg_sleep(0.2)
                        """,
                        connection
                    );
                    return (string)(await command.ExecuteScalarAsync(token))!;
                }
            ),
            TestContext.Current.CancellationToken
        );
}
