using System.Globalization;
using LaboratoryBench.Processes;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Predictors;
using Workshop.Tests.Architecture;

namespace Workshop.Tests.Predictors;

/// <summary>A real predictor on a port of its own, within this process.</summary>
internal sealed class PredictorServer : IAsyncDisposable
{
    private readonly Factory factory;

    public PredictorServer(string model, string dataDirectory, params (string Key, string Value)[] settings)
    {
        var port = FreePorts.Next();
        Address = string.Create(CultureInfo.InvariantCulture, $"http://localhost:{port}");
        factory = new([
            ("Predictor:Model", model),
            ("Workshop:DataDirectory", dataDirectory),
            ("Predictor:ModelDirectory", Path.Combine(SourceTree.Root, "artifacts", "models")),
            ("Workshop:Address", Address),
            .. settings,
        ]);
        factory.UseKestrel(options => options.ListenLocalhost(port));
        factory.StartServer();
        Client = new() { BaseAddress = new(Address) };
    }

    public string Address { get; }

    public HttpClient Client { get; }

    public IServiceProvider Services => factory.Services;

    /// <summary>Waits until the models are trained or read.</summary>
    public async Task<PredictorServer> Ready()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!(await Client.GetAsync(new Uri("/health", UriKind.Relative), patience.Token)).IsSuccessStatusCode)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), patience.Token);
        }

        return this;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await factory.DisposeAsync();
    }

    private sealed class Factory((string Key, string Value)[] settings) : WebApplicationFactory<PredictorOptions>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseSetting("Logging:LogLevel:Default", "Warning");
            foreach (var (key, value) in settings)
            {
                builder.UseSetting(key, value);
            }
        }
    }
}
