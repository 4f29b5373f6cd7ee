using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Workshop.Tests.Shop.Api.Description;

/// <summary>
/// Checks a value against a JSON Schema, as far as the descriptions here use it. A keyword that is not known here fails:
/// what is not checked must not look checked.
/// </summary>
internal sealed class SchemaCheck(JsonElement document)
{
    private const int PatternMilliseconds = 1000;

    /// <summary>Known, and nothing to check.</summary>
    private static readonly HashSet<string> Notes = ["description", "format", "default", "example", "title"];

    /// <summary>What is wrong with <paramref name="value"/>; empty if nothing is.</summary>
    internal List<string> Errors(JsonElement schema, JsonElement value, string path = "$")
    {
        if (schema.TryGetProperty("$ref", out var reference))
        {
            var name = reference.GetString()!.Split('/')[^1];
            return Errors(document.GetProperty("components").GetProperty("schemas").GetProperty(name), value, path);
        }

        return [.. schema.EnumerateObject().SelectMany(keyword => Check(keyword, schema, value, path))];
    }

    private IEnumerable<string> Check(JsonProperty keyword, JsonElement schema, JsonElement value, string path)
    {
        var rule = keyword.Value;
        return keyword.Name switch
        {
            _ when Notes.Contains(keyword.Name) => [],
            "type" => Fail(IsOfType(rule, value), $"{path} is {value.ValueKind}, not {rule}"),
            "enum" => Fail(
                rule.EnumerateArray().Any(one => JsonElement.DeepEquals(one, value)),
                $"{path} is none of {rule}"
            ),
            "minimum" => Fail(!IsNumber(value) || value.GetDecimal() >= Number(rule), $"{path} is under {rule}"),
            "maximum" => Fail(!IsNumber(value) || value.GetDecimal() <= Number(rule), $"{path} is over {rule}"),
            "minLength" => Fail(!IsText(value) || CodePoints(value) >= rule.GetInt32(), $"{path} is too short"),
            "maxLength" => Fail(!IsText(value) || CodePoints(value) <= rule.GetInt32(), $"{path} is too long"),
            "pattern" => Fail(!IsText(value) || Matches(value, rule), $"{path} does not match {rule}"),
            "minItems" => Fail(
                !IsArray(value) || value.GetArrayLength() >= rule.GetInt32(),
                $"{path} has too few items"
            ),
            "maxItems" => Fail(
                !IsArray(value) || value.GetArrayLength() <= rule.GetInt32(),
                $"{path} has too many items"
            ),
            "items" => IsArray(value)
                ? value.EnumerateArray().SelectMany((item, index) => Errors(rule, item, $"{path}[{index}]"))
                : [],
            "required" => rule.EnumerateArray()
                .Where(name => IsObject(value) && !value.TryGetProperty(name.GetString()!, out _))
                .Select(name => $"{path} lacks {name}"),
            "properties" => rule.EnumerateObject()
                .Where(member => IsObject(value) && value.TryGetProperty(member.Name, out _))
                .SelectMany(member => Errors(member.Value, value.GetProperty(member.Name), $"{path}.{member.Name}")),
            "additionalProperties" => Additional(rule, schema, value, path),
            "anyOf" => Fail(
                rule.EnumerateArray().Any(one => Errors(one, value).Count == 0),
                $"{path} is none of {rule}"
            ),
            "oneOf" => Fail(
                rule.EnumerateArray().Count(one => Errors(one, value).Count == 0) == 1,
                $"{path} is not one of {rule}"
            ),
            _ => [$"{path}: keyword {keyword.Name} is not known to this check"],
        };
    }

    private IEnumerable<string> Additional(JsonElement rule, JsonElement schema, JsonElement value, string path)
    {
        if (!IsObject(value))
        {
            return [];
        }

        var unnamed = value.EnumerateObject().Where(member => !Named(schema, member.Name));
        return rule.ValueKind == JsonValueKind.Object
            ? unnamed.SelectMany(member => Errors(rule, member.Value, $"{path}.{member.Name}"))
            : unnamed
                .Where(_ => rule.ValueKind == JsonValueKind.False)
                .Select(member => $"{path} has {member.Name} too");
    }

    private static bool Named(JsonElement schema, string name) =>
        schema.TryGetProperty("properties", out var properties) && properties.TryGetProperty(name, out _);

    private static bool IsOfType(JsonElement rule, JsonElement value) =>
        rule.ValueKind == JsonValueKind.Array
            ? rule.EnumerateArray().Any(one => IsOfType(one, value))
            : rule.GetString() switch
            {
                "object" => IsObject(value),
                "array" => IsArray(value),
                "string" => IsText(value),
                "number" => IsNumber(value),
                "integer" => IsNumber(value) && value.TryGetInt64(out _),
                "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
                "null" => value.ValueKind == JsonValueKind.Null,
                _ => false,
            };

    private static IEnumerable<string> Fail(bool kept, string error) => kept ? [] : [error];

    private static bool IsNumber(JsonElement value) => value.ValueKind == JsonValueKind.Number;

    private static bool IsText(JsonElement value) => value.ValueKind == JsonValueKind.String;

    private static bool IsArray(JsonElement value) => value.ValueKind == JsonValueKind.Array;

    private static bool IsObject(JsonElement value) => value.ValueKind == JsonValueKind.Object;

    private static decimal Number(JsonElement rule) =>
        decimal.Parse(rule.GetRawText(), NumberStyles.Float, CultureInfo.InvariantCulture);

    private static bool Matches(JsonElement value, JsonElement pattern) =>
        Regex.IsMatch(
            value.GetString()!,
            pattern.GetString()!,
            RegexOptions.ExplicitCapture,
            TimeSpan.FromMilliseconds(PatternMilliseconds)
        );

    /// <summary>JSON Schema counts characters, not UTF-16's units.</summary>
    private static int CodePoints(JsonElement value) => value.GetString()!.EnumerateRunes().Count();
}
