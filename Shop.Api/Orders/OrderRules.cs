using System.Globalization;
using Shop.Api.Requests;

namespace Shop.Api.Orders;

/// <summary>What can be ordered. Pure.</summary>
public static class OrderRules
{
    /// <summary>Most items of one order.</summary>
    public const int MaxItems = 100;

    /// <summary>Most pieces of one item.</summary>
    public const int MaxQuantity = 1000;

    /// <summary>The rule of a quantity, for a person.</summary>
    public const string QuantityRule = "Must be a whole number from 1 to 1000.";

    /// <summary>Finds what is wrong with an order.</summary>
    /// <param name="order">As the client sent it.</param>
    /// <returns>Member to broken rules; empty if all is well.</returns>
    public static IDictionary<string, string[]> Check(NewOrder order)
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        if (order.UserId is not null && !UserId.TryParse(order.UserId, provider: null, out _))
        {
            errors["userId"] = [UserId.Rule];
        }

        if (order.Items.Count is 0 or > MaxItems)
        {
            errors["items"] = ["Must be 1 to 100 items."];
            return errors;
        }

        for (var index = 0; index < order.Items.Count; index++)
        {
            var member = string.Create(CultureInfo.InvariantCulture, $"items[{index}]");
            // The serializer lets null through inside of arrays, whatever the type says.
            if (order.Items[index] is not { } item)
            {
                errors[member] = ["Must not be null."];
            }
            else if (!IsQuantity(item.Quantity))
            {
                errors[member + ".quantity"] = [QuantityRule];
            }
        }

        return errors;
    }

    /// <summary>True for a number of pieces that can be asked for.</summary>
    /// <param name="quantity">Pieces.</param>
    public static bool IsQuantity(int quantity) => quantity is >= 1 and <= MaxQuantity;

    /// <summary>Adds up items of the same product, in the order of their first mention.</summary>
    /// <param name="items">Items that keep the rules.</param>
    /// <returns>Each product once.</returns>
    public static IReadOnlyList<OrderItem> Merge(IReadOnlyList<OrderItem> items) =>
        items.Count == 1
            ? items
            :
            [
                .. items
                    .GroupBy(item => item.ProductId)
                    .Select(same => new OrderItem(same.Key, same.Sum(item => item.Quantity))),
            ];
}
