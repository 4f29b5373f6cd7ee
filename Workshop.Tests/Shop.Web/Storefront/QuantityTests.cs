using Shop.Web.Storefront;
using Xunit;

namespace Workshop.Tests.ShopWeb.Storefront;

/// <summary>A quantity is digits; more than a cart holds is what it holds.</summary>
public sealed class QuantityTests
{
    [Theory]
    [InlineData("1", 1)]
    [InlineData(" 12 ", 12)]
    [InlineData("007", 7)]
    [InlineData("0", 0)]
    [InlineData("000", 0)]
    [InlineData("1000", 1000)]
    [InlineData("1001", 1000)]
    [InlineData("99999999999999999999", 1000)]
    [InlineData("", null)]
    [InlineData(null, null)]
    [InlineData("-1", null)]
    [InlineData("1.5", null)]
    [InlineData("1e3", null)]
    [InlineData("two", null)]
    [InlineData("١", null)]
    public void What_was_entered_is_read_or_refused(string? entered, int? quantity) =>
        Assert.Equal(quantity, Quantity.Read(entered));
}
