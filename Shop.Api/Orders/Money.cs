namespace Shop.Api.Orders;

/// <summary>
/// Sums of money, EUR, exact: decimals with two fraction digits are only multiplied by whole numbers and added.
/// </summary>
public static class Money
{
    /// <summary>Nothing, with its two fraction digits.</summary>
    public const decimal Zero = 0.00m;

    /// <summary>Quantity times unit price.</summary>
    /// <param name="quantity">Pieces.</param>
    /// <param name="unitPrice">EUR, two fraction digits.</param>
    /// <returns>EUR, two fraction digits.</returns>
    public static decimal LineTotal(int quantity, decimal unitPrice) => quantity * unitPrice;

    /// <summary>The sum of line totals.</summary>
    /// <param name="lineTotals">EUR, two fraction digits each.</param>
    /// <returns>EUR, two fraction digits; 0.00 for none.</returns>
    public static decimal Total(IEnumerable<decimal> lineTotals) => lineTotals.Aggregate(Zero, decimal.Add);
}
