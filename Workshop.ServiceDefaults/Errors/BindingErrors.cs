using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Workshop.ServiceDefaults.Json;

namespace Workshop.ServiceDefaults.Errors;

/// <summary>
/// Names the member that could not be bound, and its rule. The framework tells both only in the words of its messages;
/// they are read here and nowhere else, and what is not recognised falls back to the request as a whole.
/// </summary>
internal static partial class BindingErrors
{
    private const string Body = "body";

    private static readonly string[] Required = ["Required."];

    /// <summary>Time limit of each pattern; the messages are short and the patterns do not backtrack.</summary>
    private const int PatternMilliseconds = 100;

    /// <summary>What a body breaks that is not the JSON wanted.</summary>
    internal static Dictionary<string, string[]> OfBody(JsonException json)
    {
        if (Missing().Match(json.Message) is { Success: true } missing)
        {
            return Quoted()
                .Matches(missing.Groups["names"].Value)
                .ToDictionary(
                    name => Join(json.Path, name.Groups["name"].Value),
                    _ => Required,
                    StringComparer.Ordinal
                );
        }

        if (Unknown().Match(json.Message) is { Success: true } unknown)
        {
            return One(Join(json.Path, unknown.Groups["name"].Value), "No such member.");
        }

        if (Repeated().Match(json.Message) is { Success: true } repeated)
        {
            return One(Join(json.Path, repeated.Groups["name"].Value), "Given more than once.");
        }

        if (NullElement().Match(json.Message) is { Success: true } element)
        {
            return One(Join(json.Path, element.Groups["name"].Value), "Must not be null.");
        }

        return One(Join(json.Path, name: null), Where(json));
    }

    /// <summary>What a route, query or header parameter breaks, or a body that is not there.</summary>
    internal static Dictionary<string, string[]> OfParameter(BadHttpRequestException bad)
    {
        if (Unbound().Match(bad.Message) is { Success: true } unbound)
        {
            return One(unbound.Groups["name"].Value, Rule(unbound.Groups["type"].Value));
        }

        return Absent().Match(bad.Message) is { Success: true } absent
            ? new(StringComparer.Ordinal) { [absent.Groups["name"].Value] = Required }
            : One(bad.InnerException is null ? Body : "request", "Missing, incomplete, or not readable.");
    }

    private static string Rule(string type) =>
        type.TrimEnd('?') switch
        {
            "Guid" => "Must be a UUID.",
            "int" or "long" => "Must be a whole number.",
            "double" or "decimal" => "Must be a number.",
            "bool" => "Must be true or false.",
            _ => "Malformed.",
        };

    private static string Where(JsonException json) =>
        json.LineNumber is { } line
            ? $"Not the JSON that is wanted here (line {line + 1}, byte {json.BytePositionInLine})."
            : "Not the JSON that is wanted here.";

    /// <summary>
    /// Turns a JSON path such as <c>$.items[0].quantity</c> into <c>items[0].quantity</c>, and adds a name if it lacks.
    /// </summary>
    private static string Join(string? path, string? name)
    {
        var parent = path is null or "$" ? "" : path.TrimStart('$').TrimStart('.');
        return (parent, name) switch
        {
            ("", null) => Body,
            ("", _) => name,
            (_, null) => parent,
            _ when string.Equals(parent, name, StringComparison.Ordinal)
                    || parent.EndsWith("." + name, StringComparison.Ordinal) => parent,
            _ => $"{parent}.{name}",
        };
    }

    private static Dictionary<string, string[]> One(string member, string rule) =>
        new(StringComparer.Ordinal) { [member] = [rule] };

    [GeneratedRegex(
        "missing required properties including: (?<names>.*)",
        RegexOptions.ExplicitCapture,
        PatternMilliseconds
    )]
    private static partial Regex Missing();

    [GeneratedRegex("'(?<name>[^']+)'", RegexOptions.ExplicitCapture, PatternMilliseconds)]
    private static partial Regex Quoted();

    [GeneratedRegex(
        "^The JSON property '(?<name>.*)' could not be mapped",
        RegexOptions.ExplicitCapture,
        PatternMilliseconds
    )]
    private static partial Regex Unknown();

    [GeneratedRegex(
        "^" + NullElements.MessageStart + "(?<name>.*)" + NullElements.MessageEnd,
        RegexOptions.ExplicitCapture,
        PatternMilliseconds
    )]
    private static partial Regex NullElement();

    [GeneratedRegex("^Duplicate property '(?<name>.*)' encountered", RegexOptions.ExplicitCapture, PatternMilliseconds)]
    private static partial Regex Repeated();

    [GeneratedRegex(
        "^Failed to bind parameter \"(?<type>\\S+) (?<name>\\w+)\" from",
        RegexOptions.ExplicitCapture,
        PatternMilliseconds
    )]
    private static partial Regex Unbound();

    [GeneratedRegex(
        "^Required parameter \"\\S+ (?<name>\\w+)\" was not provided",
        RegexOptions.ExplicitCapture,
        PatternMilliseconds
    )]
    private static partial Regex Absent();
}
