using Shop.Api.Storage.BasicImplementation;

namespace Shop.Api.Storage;

/// <summary>The one place that switches on the storage mode.</summary>
public static class StorageSetup
{
    /// <summary>Adds the storage mode that the host chose, the start of the schema, and readiness.</summary>
    /// <param name="builder">The application's builder.</param>
    public static void AddStorage(this IHostApplicationBuilder builder)
    {
        var connectionString =
            builder.Configuration.GetConnectionString(ShopDataSources.ConnectionName)
            ?? throw new InvalidOperationException(
                $"ConnectionStrings__{ShopDataSources.ConnectionName} is missing: it says where the shop's database is."
            );
        builder.Services.AddSingleton<IStorageMode>(services => new BasicStorage(connectionString, services));
        builder.Services.AddSingleton<SchemaGate>();
        builder.Services.AddSingleton<ShopStorage>();
        builder.Services.AddHostedService<SchemaStartup>();
        builder.Services.AddHealthChecks().AddCheck<StorageHealth>("storage");
    }

    /// <summary>Maps <c>GET /storage</c>.</summary>
    /// <param name="routes">Where to.</param>
    public static void MapStorage(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/storage", () => TypedResults.Ok(new { mode = "basic" })).WithTags("Storage");
}
