using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Shop.Api.Products;
using Shop.Api.Storage;
using Shop.Api.Wire;
using Workshop.ServiceDefaults.Json;

namespace ShopBench;

/// <summary>
/// The shop's two reads as a bare endpoint has them: Kestrel, the same statements on Npgsql, the same bytes. No routes, no
/// limits, no storage modes, no rules of requests, no measuring.
/// </summary>
internal static class BareKestrel
{
    /// <summary>The first argument of the program that is nothing else.</summary>
    public const string Command = "bare";

    /// <summary>The database's connection string, as the shop is told it.</summary>
    public const string DatabaseVariable = "ConnectionStrings__shop";

    private const string ListPath = "/products";

    private const int IdLength = 36;

    private static readonly JsonSerializerOptions Json = AsTheShop();

    /// <summary>Answers at an address until it is told to stop.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> Run(string address, CancellationToken ct)
    {
        await using var source = NpgsqlDataSource.Create(
            ShopDataSources.Settings(
                Environment.GetEnvironmentVariable(DatabaseVariable)
                    ?? throw new InvalidOperationException($"{DatabaseVariable} is missing."),
                DirectNpgsql.MaxConnections
            )
        );
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls(address);
        await using var app = builder.Build();
        app.Run(async context => await Answer(context, source));
        await app.StartAsync(ct);
        await app.WaitForShutdownAsync(ct);
        return 0;
    }

    private static JsonSerializerOptions AsTheShop()
    {
        // What ASP.NET Core begins with has its own encoder.
        var options = new JsonOptions().SerializerOptions;
        options.TypeInfoResolver = ShopJson.Default;
        StrictJson.Apply(options);
        return options;
    }

    private static async Task Answer(HttpContext context, NpgsqlDataSource source)
    {
        var ct = context.RequestAborted;
        var path = context.Request.Path.Value!;
        await using var connection = await source.OpenConnectionAsync(ct);
        if (path.Length == ListPath.Length)
        {
            var page = await ProductList.Page(connection, new() { Limit = 20 }, ct);
            await context.Response.WriteAsJsonAsync(page.Items, Json, ct);
        }
        else
        {
            var product = await ProductStore.Find(connection, Guid.Parse(path.AsSpan()[^IdLength..]), ct);
            await context.Response.WriteAsJsonAsync(product, Json, ct);
        }
    }
}
