using System.Diagnostics;
using System.Globalization;
using System.Net;
using LaboratoryBench.Processes;

namespace Workshop.Tests.Shop.Api;

/// <summary>An instance of the shop as a process of its own, which can be killed like one.</summary>
internal sealed class ShopProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly Process process;

    private ShopProcess(Process process, string address)
    {
        this.process = process;
        Client = new(address);
    }

    public ShopClient Client { get; }

    public static async Task<ShopProcess> Start(string database, string name, CancellationToken ct)
    {
        var address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePorts.Next()}");
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Shop.Api.dll")])
        {
            WorkingDirectory = AppContext.BaseDirectory,
            UseShellExecute = false,
            Environment =
            {
                ["ASPNETCORE_URLS"] = address,
                ["ConnectionStrings__shop"] = database,
                ["OTEL_SERVICE_NAME"] = name,
                ["Workshop__Storage"] = "basic",
                ["Logging__LogLevel__Default"] = "Error",
            },
        };
        var shop = new ShopProcess(Process.Start(start)!, address);
        return await shop.OnceReady(() => Eventually.Holds(shop.IsReady, ct, within: StartLimit));
    }

    /// <summary>SIGKILL: it finishes nothing.</summary>
    public async Task Kill()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Kill();
        process.Dispose();
        Client.Dispose();
    }

    private async Task<bool> IsReady()
    {
        try
        {
            return (await Client.Get("/health")).Status == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
