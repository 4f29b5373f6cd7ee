using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
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
        builder
            .Services.Configure<JsonOptions>(options => Apply(options.SerializerOptions))
            // After the services have added their own records: what is forbidden is forbidden in all of them.
            .PostConfigure<JsonOptions>(options => ForbidNullElements(options.SerializerOptions));

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
        options.Converters.Add(new WholeElements());
    }

    /// <summary>Refuses null inside of arrays and maps whose elements may not be null.</summary>
    /// <param name="options">Options not yet in use.</param>
    public static void ForbidNullElements(JsonSerializerOptions options) =>
        options.TypeInfoResolver = (options.TypeInfoResolver ?? new DefaultJsonTypeInfoResolver()).WithAddedModifier(
            NullElements.Forbid
        );
}
