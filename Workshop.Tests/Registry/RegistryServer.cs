using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using LaboratoryBench.Processes;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Registry.Leases;
using Workshop.ServiceDefaults.Tokens;

namespace Workshop.Tests.Registry;

/// <summary>A real registry on a port of its own, within this process.</summary>
internal sealed class RegistryServer : IAsyncDisposable
{
    public const string Token = "test-token";

    private readonly Factory factory;

    public RegistryServer(int? port = null, params (string Key, string Value)[] settings)
    {
        Port = port ?? FreePorts.Next();
        Address = string.Create(CultureInfo.InvariantCulture, $"http://localhost:{Port}");
        factory = new(settings);
        factory.UseKestrel(options => options.ListenLocalhost(Port));
        factory.StartServer();
        Reader = new() { BaseAddress = new(Address) };
        Writer = new() { BaseAddress = new(Address) };
        Writer.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
    }

    public int Port { get; }

    public string Address { get; }

    /// <summary>A client without the token.</summary>
    public HttpClient Reader { get; }

    /// <summary>A client with the token.</summary>
    public HttpClient Writer { get; }

    public IServiceProvider Services => factory.Services;

    public async Task Register(string service, string instance, int port, double ttlSeconds = 60)
    {
        var address = string.Create(CultureInfo.InvariantCulture, $"localhost:{port}");
        using var response = await Writer.PutAsJsonAsync(
            $"/services/{service}/{instance}",
            new { address, ttlSeconds }
        );
        response.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        Reader.Dispose();
        Writer.Dispose();
        await factory.DisposeAsync();
    }

    private sealed class Factory((string Key, string Value)[] settings) : WebApplicationFactory<ServiceTable>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseSetting(AccessTokens.OperatorKey, Token);
            // Nobody comes back to a registry of a test.
            builder.UseSetting("Registry:NewFor", "00:00:00");
            builder.UseSetting("Logging:LogLevel:Default", "Warning");
            builder.UseSetting("Logging:LogLevel:Microsoft", "Warning");
            foreach (var (key, value) in settings)
            {
                builder.UseSetting(key, value);
            }
        }
    }
}
