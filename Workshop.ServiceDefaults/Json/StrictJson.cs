using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Workshop.ServiceDefaults.Json;

/// <summary>
/// JSON as the contracts want it: camelCase out; in, an unknown or repeated member, a missing one, a null
/// where none may be, or a number in quotes is an error and never a guess.
/// </summary>
public static class StrictJson
{
    /// <summary>Deepest nesting that is read.</summary>
    private const int MaxDepth = 16;

    internal static void AddStrictJson(this IHostApplicationBuilder builder) =>
        builder.Services.Configure<JsonOptions>(options => Apply(options.SerializerOptions));

    /// <summary>Sets the strict rules on <paramref name="options"/>.</summary>
    /// <param name="options">Options not yet in use.</param>
    public static void Apply(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.PropertyNameCaseInsensitive = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.AllowDuplicateProperties = false;
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        options.MaxDepth = MaxDepth;
    }
}
