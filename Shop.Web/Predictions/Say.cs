using System.Globalization;
using System.Text.Json;

namespace Shop.Web.Predictions;

/// <summary>Answers, weights and shares as a person reads them.</summary>
public static class Say
{
    /// <summary>A prediction: a label, or a value in US dollars.</summary>
    /// <param name="value">As it came.</param>
    /// <returns>For example <c>setosa</c> or <c>$180,000</c>; a dash for none.</returns>
    public static string Answer(JsonElement? value) =>
        value switch
        {
            { ValueKind: JsonValueKind.String } text => text.GetString()!,
            { ValueKind: JsonValueKind.Number } number => number
                .GetDouble()
                .ToString("$#,0", CultureInfo.InvariantCulture),
            _ => "–",
        };

    /// <summary>A weight.</summary>
    /// <param name="weight">0 to 1.</param>
    /// <returns>Three digits; a dash for none.</returns>
    public static string Weight(double? weight) => weight?.ToString("0.000", CultureInfo.InvariantCulture) ?? "–";

    /// <summary>A share.</summary>
    /// <param name="share">0 to 1.</param>
    /// <returns>In percent; a dash for none.</returns>
    public static string Percent(double? share) => share?.ToString("0.0 %", CultureInfo.InvariantCulture) ?? "–";
}
