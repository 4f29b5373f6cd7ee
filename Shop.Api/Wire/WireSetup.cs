using Microsoft.AspNetCore.Http.Json;
using Shop.Api.Idempotency;
using Shop.Api.Wire.Description;
using Workshop.ServiceDefaults.Description;

namespace Shop.Api.Wire;

/// <summary>How the shop speaks: its JSON, and the description of it.</summary>
public static class WireSetup
{
    /// <summary>Adds the shop's records to the strict JSON of all services, and the description.</summary>
    /// <param name="builder">The application's builder.</param>
    public static void AddWire(this IHostApplicationBuilder builder)
    {
        // Before the reflection that serves the rest.
        builder.Services.Configure<JsonOptions>(options =>
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, ShopJson.Default)
        );
        builder.AddDescription();
    }

    /// <summary>
    /// Maps <c>/openapi/v1.json</c> and <c>/scalar</c>, and holds requests to what the routes say there of keys.
    /// </summary>
    /// <param name="app">The application.</param>
    public static void MapWire(this WebApplication app)
    {
        app.UseKeyRules();
        app.MapDescription("the shop");
    }
}
