using Workshop.Tests.Fixtures;
using Xunit;

namespace Workshop.Tests.Shop.Api;

/// <summary>The tests that share two instances of the shop. They run one after another, beside other collections.</summary>
[CollectionDefinition(nameof(ShopTests))]
public sealed class ShopTests : ICollectionFixture<ShopFixture>;

/// <summary>Those that bring a crowd, which takes the whole machine: they run alone, with two instances of their own.</summary>
[CollectionDefinition(nameof(ShopCrowdTests), DisableParallelization = true)]
public sealed class ShopCrowdTests : ICollectionFixture<ShopFixture>;

/// <summary>
/// Two instances of the shop over one database, started when a test first asks. Each test makes products and users of its
/// own.
/// </summary>
public sealed class ShopFixture(PostgresFixture postgres) : IAsyncDisposable
{
    private readonly SemaphoreSlim gate = new(1, 1);
    private (ShopServer First, ShopServer Second)? servers;

    internal string Database { get; private set; } = "";

    internal async Task<ShopClient> Client() => (await Servers()).First.Client;

    internal async Task<ShopClient> OtherClient() => (await Servers()).Second.Client;

    internal async Task<(ShopServer First, ShopServer Second)> Servers()
    {
        await gate.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (servers is null)
            {
                Database = await postgres.CreateDatabase(TestContext.Current.CancellationToken);
                // Both at once, on an empty database: the tables are made once.
                servers = (new(Database, "shop-api-1"), new(Database, "shop-api-2"));
            }

            return servers.Value;
        }
        finally
        {
            gate.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (servers is { } running)
        {
            await running.First.DisposeAsync();
            await running.Second.DisposeAsync();
        }

        gate.Dispose();
    }
}
