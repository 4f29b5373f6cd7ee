using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Workshop.ServiceDefaults.Json;

namespace Shop.Web.Api;

/// <summary>How answers of other services are read: leniently where they say more, strictly where they say less.</summary>
internal static class WireJson
{
    internal static readonly JsonSerializerOptions Options = Make();

    private static JsonSerializerOptions Make()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web) { RespectNullableAnnotations = true };
        StrictJson.ForbidNullElements(options);
        options.TypeInfoResolver = options.TypeInfoResolver!.WithAddedModifier(Require);
        options.MakeReadOnly();
        return options;
    }

    /// <summary>A member that may not be null may not be missing either, unless its record has a value for that.</summary>
    private static void Require(JsonTypeInfo type)
    {
        if (type.Kind is not JsonTypeInfoKind.Object)
        {
            return;
        }

        foreach (
            var member in type.Properties.Where(member =>
                !member.PropertyType.IsValueType
                && member.AssociatedParameter is { IsNullable: false, HasDefaultValue: false }
            )
        )
        {
            member.IsRequired = true;
        }
    }
}
