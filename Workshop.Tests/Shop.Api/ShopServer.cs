using System.Globalization;
using System.Net;
using LaboratoryBench.Processes;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Shop.Api.Products;

namespace Workshop.Tests.Shop.Api;

/// <summary>A real instance of the shop within this process: real sockets, real database.</summary>
internal sealed class ShopServer : IAsyncDisposable
{
    private readonly Factory factory;

    public ShopServer(string database, string name, params (string Key, string Value)[] settings)
        : this(database, name, TimeProvider.System, settings) { }

    public ShopServer(string database, string name, TimeProvider time, params (string Key, string Value)[] settings)
    {
        var port = FreePorts.Next();
        var address = string.Create(CultureInfo.InvariantCulture, $"http://localhost:{port}");
        factory = new(
            time,
            [
                ("ConnectionStrings:shop", database),
                ("OTEL_SERVICE_NAME", name),
                ("Workshop:Address", address),
                ("Workshop:Storage", "basic"),
                ("Logging:LogLevel:Default", "Error"),
                // This process is warm, and tests count.
                ("Shop:WarmUp:Rounds", "0"),
                .. settings,
            ]
        );
        factory.UseKestrel(options => options.ListenLocalhost(port));
        factory.StartServer();
        Client = new(address);
    }

    public ShopClient Client { get; }

    public IServiceProvider Services => factory.Services;

    /// <summary>Waits until the tables are there, and it is warm.</summary>
    public Task UntilHealthy(CancellationToken ct) =>
        Eventually.Holds(async () => (await Client.Get("/health")).Status is HttpStatusCode.OK, ct);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await factory.DisposeAsync();
    }

    private sealed class Factory(TimeProvider time, (string Key, string Value)[] settings)
        : WebApplicationFactory<Product>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            foreach (var (key, value) in settings)
            {
                builder.UseSetting(key, value);
            }

            builder.ConfigureServices(services => services.AddSingleton(time));
        }
    }
}
