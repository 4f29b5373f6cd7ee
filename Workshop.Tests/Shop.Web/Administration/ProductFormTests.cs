using Shop.Web.Administration;
using Shop.Web.Storefront;
using Xunit;

namespace Workshop.Tests.ShopWeb.Administration;

/// <summary>A product form sends what was touched, with what was seen, and nothing else.</summary>
public sealed class ProductFormTests
{
    private static readonly Product Seen = new(Guid.Empty, "Lamp", "a\nb", 12.50m, "Tools", 10, true, 1, 1);

    [Theory]
    [InlineData("Lamp", "a\r\nb", "12.5", "Tools", "10")]
    [InlineData(" Lamp ", "a\nb\n", "12.50", "Tools ", " 10")]
    public void What_nobody_touched_is_not_sent(
        string name,
        string description,
        string price,
        string category,
        string stock
    )
    {
        var form = ProductForm.Of(Seen);
        (form.Name, form.Description, form.Price, form.Category, form.Stock) = (
            name,
            description,
            price,
            category,
            stock
        );

        Assert.True(form.Changes(out _)!.IsOfNothing);
    }

    [Fact]
    public void What_was_touched_is_sent_with_what_was_seen_and_the_stock_as_a_difference()
    {
        var form = ProductForm.Of(Seen);
        (form.Description, form.Price, form.Stock) = ("new", "13", "8");

        var change = form.Changes(out _)!;

        Assert.Equal(("new", 13m, -2), (change.Description, change.Price, change.StockChange));
        Assert.Equal(("a\nb", 12.50m), (change.Expected!.Description, change.Expected.Price));
        Assert.Null(change.Name);
        Assert.Null(change.Stock);
        Assert.Null(change.Expected.Name);
        Assert.Null(change.Expected.Stock);
    }

    [Fact]
    public void After_a_conflict_what_nobody_touched_follows_the_shop_and_what_was_typed_stays()
    {
        var form = ProductForm.Of(Seen);
        var key = form.Key;
        form.Price = "14.00";

        form.Meet(Seen with { Name = "Lantern", Price = 13m, Stock = 7 });

        Assert.Equal(("Lantern", "14.00", "7"), (form.Name, form.Price, form.Stock));
        Assert.Equal("13.00", form.SeenPrice);
        Assert.NotEqual(key, form.Key);
        Assert.Equal(14m, form.Changes(out _)!.Price);
    }

    [Fact]
    public void What_is_no_number_is_told()
    {
        var form = ProductForm.Of(Seen);
        (form.Price, form.Stock) = ("12,5", "many");

        Assert.Null(form.Changes(out var errors));
        Assert.Equal("price stock", string.Join(' ', errors.Keys));
    }
}
