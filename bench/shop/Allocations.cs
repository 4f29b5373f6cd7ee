using System.Globalization;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Shop.Api.Products;

namespace ShopBench;

/// <summary>Bytes that the shop allocates for a request: the shop in this process, wrk outside of it.</summary>
internal static class Allocations
{
    public static async Task<double> PerProductRead(Ground ground, CancellationToken ct)
    {
        await using var shop = new InProcess(ground.Database("shop"));
        shop.UseKestrel(0);
        shop.StartServer();
        var address = shop.ClientOptions.BaseAddress;
        await Ground.WaitFor(new Uri(address, "/health"), ct);
        var duration = TimeSpan.FromSeconds(2);
        await Measurement.Wrk(ground, address, "product", 8, duration, ct);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var perSecond = await Measurement.Wrk(ground, address, "product", 8, duration, ct);
        return (GC.GetTotalAllocatedBytes(precise: true) - before) / (perSecond * duration.TotalSeconds);
    }

    private sealed class InProcess(string database) : WebApplicationFactory<Product>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseSetting("ConnectionStrings:shop", database);
            builder.UseSetting("Workshop:Storage", "basic");
            builder.UseSetting("Logging:LogLevel:Default", "Warning");
            builder.UseSetting(
                "Shop:Limits:LocalRequestsPerSecond",
                int.MaxValue.ToString(CultureInfo.InvariantCulture)
            );
            builder.UseSetting("Shop:Limits:LocalBurst", int.MaxValue.ToString(CultureInfo.InvariantCulture));
        }
    }
}
