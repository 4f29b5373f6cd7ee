using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Workshop.ServiceDefaults.Json;

/// <summary>
/// Refuses null inside of arrays and maps whose elements may not be null. The serializer looks at the annotations of
/// members, and not at those of what a member holds.
/// </summary>
internal static class NullElements
{
    /// <summary>Start and end of the message, between which the element's place stands.</summary>
    internal const string MessageStart = "The element '";
    internal const string MessageEnd = "' must not be null.";

    /// <summary>Has the type look at the elements of its members once it is read.</summary>
    /// <param name="type">Not in use yet.</param>
    internal static void Forbid(JsonTypeInfo type)
    {
        if (type.Kind is not JsonTypeInfoKind.Object)
        {
            return;
        }

        var nullability = new NullabilityInfoContext();
        var members = type
            .Properties.Select(member => (Member: member, Find: Finder(member, nullability)))
            .Where(pair => pair.Find is not null && pair.Member.Get is not null)
            .ToArray();
        if (members.Length == 0)
        {
            return;
        }

        var before = type.OnDeserialized;
        type.OnDeserialized = value =>
        {
            before?.Invoke(value);
            foreach (var (member, find) in members)
            {
                if (member.Get!(value) is { } held && find!(held) is { } place)
                {
                    throw new JsonException($"{MessageStart}{member.Name}{place}{MessageEnd}");
                }
            }
        };
    }

    private static Func<object, string?>? Finder(JsonPropertyInfo member, NullabilityInfoContext nullability) =>
        member.AttributeProvider is PropertyInfo property ? Finder(nullability.Create(property)) : null;

    /// <summary>Finds the place of the first null that may not be, such as <c>[2]</c>; null where there can be none.</summary>
    private static Func<object, string?>? Finder(NullabilityInfo held)
    {
        if (held.Type == typeof(string) || !typeof(IEnumerable).IsAssignableFrom(held.Type))
        {
            return null;
        }

        var arguments = held.GenericTypeArguments;
        var isMap = arguments.Length == 2;
        if ((held.ElementType ?? arguments.LastOrDefault()) is not { } element)
        {
            return null;
        }

        var isForbidden = element is { Type.IsValueType: false, ReadState: NullabilityState.NotNull };
        var inner = Finder(element);
        return isForbidden || inner is not null ? value => Find(value, isMap, isForbidden, inner) : null;
    }

    private static string? Find(object value, bool isMap, bool isForbidden, Func<object, string?>? inner)
    {
        if (isMap && value is not IDictionary)
        {
            return null;
        }

        var index = 0;
        foreach (var item in isMap ? ((IDictionary)value).Values : (IEnumerable)value)
        {
            var place = item is null
                ? isForbidden
                    ? ""
                    : null
                : inner?.Invoke(item);
            if (place is not null)
            {
                return string.Create(CultureInfo.InvariantCulture, $"[{index}]{place}");
            }

            index++;
        }

        return null;
    }
}
