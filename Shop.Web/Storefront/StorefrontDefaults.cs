using System.Net.Mime;
using Shop.Web.Api;
using Workshop.ServiceDefaults.Discovery;

namespace Shop.Web.Storefront;

/// <summary>The shop's pages and what they need.</summary>
internal static class StorefrontDefaults
{
    /// <summary>The name under which the shop's servers are found, and of the client that asks them.</summary>
    internal const string ShopApi = "shop-api";

    internal static void AddStorefront(this WebApplicationBuilder builder)
    {
        builder.AddShopClient();
        builder.Services.AddHttpClient(ShopApi, Address).AddRerouting();
        builder.Services.AddSingleton<StorageWatch>();
        builder.Services.AddSingleton<Acknowledgements>();
        builder.Services.AddTransient<CartFitter>();
    }

    /// <summary>How everybody buys, on pages and in the laboratory.</summary>
    /// <param name="builder">The application's builder.</param>
    internal static void AddShopClient(this WebApplicationBuilder builder)
    {
        builder.Services.AddTransient<AttemptCounter>();
        builder.Services.AddHttpClient<ShopClient>(Address).AddRerouting().AddHttpMessageHandler<AttemptCounter>();
    }

    internal static void MapStorefront(this WebApplication app)
    {
        app.MapCart();
        app.MapCheckout();
        app.MapOrders();
    }

    private static void Address(HttpClient client)
    {
        client.BaseAddress = new($"http://{ShopApi}/");
        client.DefaultRequestHeaders.Accept.Add(new(MediaTypeNames.Application.Json));
    }
}
