using System.Globalization;

namespace Shop.Web.Redundancy;

/// <summary>Measured figures as pages and pictures write them.</summary>
internal static class Figures
{
    /// <summary>With one digit behind the point, where it is not 0; a dash for none.</summary>
    internal static string Short(double? value) => value?.ToString("0.#", CultureInfo.InvariantCulture) ?? "–";

    /// <summary>The same with its unit.</summary>
    internal static string Milliseconds(double? value) => value is null ? Short(value) : $"{Short(value)} ms";
}
