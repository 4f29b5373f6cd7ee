using Microsoft.AspNetCore.Http.Json;
using Shop.Api.Wire.Description;

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

    /// <summary>Maps <c>/openapi/v1.json</c> and <c>/scalar</c>.</summary>
    /// <param name="routes">Where to.</param>
    public static void MapWire(this IEndpointRouteBuilder routes) => routes.MapDescription();
}
