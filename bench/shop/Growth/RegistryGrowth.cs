using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace ShopBench.Growth;

/// <summary>What the registry answers by the number of servers that it knows and probes, each at an address of its own.</summary>
internal static class RegistryGrowth
{
    private const string Token = "a token of the growth run";

    private const int InstancesOfAService = 50;

    private const int AddressesOfANetwork = 250;

    private static readonly long[] Sizes = [1, 10, 100, 1_000];

    /// <summary>Probes go round several times in it.</summary>
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(5);

    public static async Task<Curve> Measure(Ground ground, CancellationToken ct)
    {
        var registry = await ground.StartRegistry(Token, ct);
        var port = Ground.NewAddress().Port;
        await using var servers = await Listen(port, ct);
        using var http = new HttpClient { BaseAddress = registry };
        http.DefaultRequestHeaders.Authorization = new("Bearer", Token);
        var curve = new Curve("servers", Sizes);
        var known = 0;
        foreach (var size in Sizes)
        {
            for (; known < size; known++)
            {
                using var answer = await Register(known);
                answer.EnsureSuccessStatusCode();
            }

            await Task.Delay(Settle, ct);
            curve.Add("a heartbeat", await Curve.Median(number => Register(number % known), HttpStatusCode.OK, ct));
            curve.Add("a server given out", await Curve.Median(http, $"/getServer?service={ServiceOf(0)}", ct));
            curve.Add("all that are known", await Curve.Median(http, "/services", ct));
            curve.Add("of those that answer, shown as live (%)", 100.0 * await Live(http, ct) / known);
        }

        return curve;

        async Task<HttpResponseMessage> Register(int number) =>
            await http.PutAsJsonAsync(
                $"/services/{ServiceOf(number)}/server-{number}",
                new { address = $"{AddressOf(number)}:{port}", ttlSeconds = 60 },
                ct
            );
    }

    private static string ServiceOf(int number) =>
        string.Create(CultureInfo.InvariantCulture, $"growth-{number / InstancesOfAService}");

    /// <summary>All of this machine.</summary>
    private static IPAddress AddressOf(int number) =>
        new([127, 0, (byte)(1 + (number / AddressesOfANetwork)), (byte)(1 + (number % AddressesOfANetwork))]);

    /// <summary>Servers that answer every question, on as many addresses as there will be.</summary>
    private static async Task<WebApplication> Listen(int port, CancellationToken ct)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(kestrel =>
            {
                for (var number = 0; number < Sizes[^1]; number++)
                {
                    kestrel.Listen(AddressOf(number), port);
                }
            });
        var servers = builder.Build();
        servers.Run(_ => Task.CompletedTask);
        await servers.StartAsync(ct);
        return servers;
    }

    private static async Task<int> Live(HttpClient http, CancellationToken ct)
    {
        var services = await http.GetFromJsonAsync<JsonElement>("/services", ct);
        return services
            .EnumerateArray()
            .SelectMany(service => service.GetProperty("instances").EnumerateArray())
            .Count(instance => instance.GetProperty("state").ValueEquals("live"));
    }
}
