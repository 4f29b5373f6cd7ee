using System.Globalization;
using LaboratoryBench.Processes;
using Workshop.Tests.Fixtures;
using Workshop.Tests.Shop.Api;

namespace Workshop.Tests.ShopApi.Storage;

/// <summary>One instance of the shop over a pair of servers.</summary>
internal sealed class PairedShop : IAsyncDisposable
{
    private readonly ShopServer server;
    private readonly string folder = TestFolders.Create("shop");

    private PairedShop(
        PostgresPair pair,
        string mode,
        string name,
        string database,
        (string Key, string Value)[] settings
    )
    {
        server = new(
            database,
            name,
            [
                ("Workshop:Storage", mode),
                (
                    "Workshop:Standby",
                    string.Create(CultureInfo.InvariantCulture, $"tcp://localhost:{pair.Second.Port}")
                ),
                ("Workshop:DataDirectory", folder),
                .. settings,
            ]
        );
    }

    public ShopClient Client => server.Client;

    public IServiceProvider Services => server.Services;

    /// <summary>
    /// Starts it and waits until it is ready. It reaches the first server by <paramref name="database"/>, if that is given.
    /// </summary>
    public static async Task<PairedShop> Start(
        PostgresPair pair,
        string mode,
        CancellationToken ct,
        string name = "shop-api-1",
        string? database = null,
        params (string Key, string Value)[] settings
    )
    {
        var shop = new PairedShop(pair, mode, name, database ?? pair.First.ConnectionString(), settings);
        return await shop.OnceReady(() => shop.server.UntilHealthy(ct));
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
