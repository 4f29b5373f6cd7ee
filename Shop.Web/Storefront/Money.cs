using System.Globalization;

namespace Shop.Web.Storefront;

/// <summary>Amounts as a person reads them.</summary>
public static class Money
{
    /// <summary>An amount in euros.</summary>
    /// <param name="amount">In euros.</param>
    /// <returns>For example <c>€1,234.50</c>.</returns>
    public static string Euros(decimal amount) => amount.ToString("'€'#,##0.00", CultureInfo.InvariantCulture);

    /// <summary>An amount as a form field holds it.</summary>
    /// <param name="amount">In euros.</param>
    /// <returns>For example <c>1234.50</c>.</returns>
    public static string Field(decimal amount) => amount.ToString("0.00", CultureInfo.InvariantCulture);
}
