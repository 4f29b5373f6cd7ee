using System.Net;
using System.Text.RegularExpressions;

namespace LaboratoryBench.Shoppers;

/// <summary>Reads a page as far as somebody without JavaScript needs it: links and the fields of a form.</summary>
internal static partial class FormReader
{
    /// <summary>The fields of the form that is sent to <paramref name="action"/>, as the page filled them in.</summary>
    /// <returns>Names and values; null where there is no such form.</returns>
    internal static Dictionary<string, string>? Fields(string page, string action)
    {
        var form = Forms()
            .Matches(page)
            .FirstOrDefault(form =>
                string.Equals(Attribute(form.Groups["head"].Value, "action"), action, StringComparison.Ordinal)
            );
        return form
            ?.Groups["body"]
            .Value.Split("<input", StringSplitOptions.None)
            .Skip(1)
            .Select(input => input[..input.IndexOf('>', StringComparison.Ordinal)])
            .Where(input => Attribute(input, "name") is not null)
            .ToDictionary(
                input => Attribute(input, "name")!,
                input => Attribute(input, "value") ?? "",
                StringComparer.Ordinal
            );
    }

    /// <summary>The addresses of the products that a list shows.</summary>
    internal static IReadOnlyList<string> Products(string page) =>
        [.. ProductLinks().Matches(page).Select(link => link.Groups["address"].Value)];

    private static string? Attribute(string tag, string name) =>
        Regex.Match(tag, $"""\b{name}="(?<value>[^"]*)" """.TrimEnd(), RegexOptions.None, TimeSpan.FromSeconds(1))
            is { Success: true } found
            ? WebUtility.HtmlDecode(found.Groups["value"].Value)
            : null;

    [GeneratedRegex("<form(?<head>[^>]*)>(?<body>.*?)</form>", RegexOptions.Singleline, 1000)]
    private static partial Regex Forms();

    [GeneratedRegex("href=\"(?<address>/products/[0-9a-f-]{36})\"", RegexOptions.None, 1000)]
    private static partial Regex ProductLinks();
}
