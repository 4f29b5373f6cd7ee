using System.Globalization;
using System.Text.Json;

namespace Shop.Web.Predictions;

/// <summary>Answers, weights and shares as a person reads them.</summary>
public static class Say
{
    private const int HashDigits = 12;

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

    /// <summary>A moment as the ledger writes it.</summary>
    /// <param name="time">ISO 8601, in UTC.</param>
    /// <returns>For example <c>2026-01-31 12:00:00</c>, in UTC; what cannot be read stays as it came.</returns>
    public static string? Time(string? time) =>
        DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
            ? moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)
            : time;

    /// <summary>A hash as far as people compare it.</summary>
    /// <param name="hash">Hexadecimal; nothing for none.</param>
    /// <returns>Its first 12 digits.</returns>
    public static string Hash(string? hash) => hash is { Length: > HashDigits } ? hash[..HashDigits] : hash ?? "";

    /// <summary>A weight.</summary>
    /// <param name="weight">0 to 1.</param>
    /// <returns>Three digits; a dash for none.</returns>
    public static string Weight(double? weight) => weight?.ToString("0.000", CultureInfo.InvariantCulture) ?? "–";

    /// <summary>A figure beside a line.</summary>
    /// <param name="value">Usually 0 to 1.</param>
    /// <returns>Two digits, for example <c>0.93</c>.</returns>
    public static string Figure(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary>A label as a person reads it.</summary>
    /// <param name="network">Whose.</param>
    /// <param name="label">As the data has it.</param>
    /// <returns>For example <c>survived</c> for 1 of titanic.</returns>
    public static string Label(string network, string? label) =>
        (network, label) switch
        {
            ("titanic", "1") => "survived",
            ("titanic", "0") => "died",
            _ => label ?? "–",
        };

    /// <summary>A prediction of a network, with its labels as a person reads them.</summary>
    /// <param name="network">Whose.</param>
    /// <param name="value">As it came.</param>
    public static string Answer(string network, JsonElement? value) =>
        value is { ValueKind: JsonValueKind.String } text ? Label(network, text.GetString()) : Answer(value);

    /// <summary>What was won or lost.</summary>
    /// <param name="euros">In euros.</param>
    /// <returns>With its sign, for example <c>+€12.00</c> or <c>−€3.50</c>.</returns>
    public static string Gain(decimal euros) =>
        euros.ToString("+'€'#,##0.00;\u2212'€'#,##0.00;'€'0.00", CultureInfo.InvariantCulture);

    /// <summary>A share.</summary>
    /// <param name="share">0 to 1.</param>
    /// <returns>In percent; a dash for none.</returns>
    public static string Percent(double? share) => share?.ToString("0.0 %", CultureInfo.InvariantCulture) ?? "–";
}
