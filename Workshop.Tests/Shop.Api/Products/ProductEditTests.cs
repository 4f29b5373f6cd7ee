using System.Globalization;
using Microsoft.AspNetCore.Http;
using Shop.Api.Products;
using Shop.Api.Requests;
using Xunit;

namespace Workshop.Tests.ShopApi.Products;

/// <summary>Whether a change may be made of a product as it is: nothing but what the client saw and wants decides.</summary>
public sealed class ProductEditTests
{
    private static readonly Product Now = new(Guid.Empty, "Lamp", "Warm.", 12.50m, "Home", 7, Version: 5, Revision: 2)
    {
        Timeline = 3,
    };

    private static readonly SeenProduct Lamp = new() { Name = "Lamp" };

    private static readonly SeenProduct Candle = new() { Name = "Candle" };

    private static readonly SeenProduct Others = new()
    {
        Name = "B",
        Category = "C",
        Description = "Warm.",
    };

    public static TheoryData<ProductChange, string?> Changes =>
        new()
        {
            {
                new() { Name = "Lantern" },
                null
            },
            {
                new() { Name = "Lantern", Expected = Lamp },
                null
            },
            {
                new() { Name = "Lantern", Expected = Candle },
                "name"
            },
            // The same request again, after its answer was lost.
            {
                new() { Name = "Lamp", Expected = Candle },
                null
            },
            {
                new() { Name = "A", Expected = Others },
                "name category"
            },
        };

    [Theory]
    [InlineData("12.5", null)]
    [InlineData("12.50", null)]
    [InlineData("12", "price")]
    [InlineData("9", "price")]
    public void Prices_are_compared_as_amounts(string seen, string? member)
    {
        var expected = new SeenProduct { Price = decimal.Parse(seen, CultureInfo.InvariantCulture) };

        var refusal = ProductEdit.Refusal(Now, new() { Price = 8m, Expected = expected }, Headers());

        Assert.Equal(member, (refusal as ProductEdit.Differs)?.Now.Keys.Single());
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_member_that_is_neither_what_was_seen_nor_what_is_wanted_stops_the_change(
        ProductChange change,
        string? members
    )
    {
        var refusal = ProductEdit.Refusal(Now, change, Headers());

        var differs = (refusal as ProductEdit.Differs)?.Now.Keys;
        Assert.Equal(members, differs is null ? null : string.Join(' ', differs));
    }

    [Theory]
    [InlineData(-7, true)]
    [InlineData(-8, false)]
    [InlineData(999_993, true)]
    [InlineData(999_994, false)]
    public void A_difference_of_the_stock_stays_within_its_range(int by, bool isAllowed)
    {
        var refusal = ProductEdit.Refusal(Now, new() { StockChange = by }, Headers());

        Assert.Equal(isAllowed, refusal is null);
        Assert.True(isAllowed || refusal is ProductEdit.StockOut { Stock: 7 });
    }

    [Theory]
    [InlineData("If-Match", "\"3-5\"", true)]
    [InlineData("If-Match", "\"2-5\"", false)]
    [InlineData("If-Match", "\"5\"", false)]
    [InlineData("If-Match", "\"3-05\"", false)]
    [InlineData("If-Match", "W/\"3-5\"", false)]
    [InlineData("If-Match", "\"1-1\", \"3-5\"", true)]
    [InlineData("If-Match", "*", true)]
    [InlineData("If-None-Match", "*", false)]
    [InlineData("If-None-Match", "\"3-5\"", false)]
    [InlineData("If-None-Match", "W/\"3-5\"", false)]
    [InlineData("If-None-Match", "\"3-4\"", true)]
    public void A_precondition_is_about_the_version_and_the_timeline_that_wrote_it(
        string header,
        string value,
        bool isAllowed
    )
    {
        var refusal = ProductEdit.Refusal(Now, new() { Price = 1m }, Headers((header, value)));

        Assert.Equal(isAllowed ? null : typeof(ProductEdit.OtherVersion), refusal?.GetType());
    }

    private static Precondition Headers(params (string Name, string Value)[] headers)
    {
        var context = new DefaultHttpContext();
        foreach (var (name, value) in headers)
        {
            context.Request.Headers[name] = value;
        }

        return Precondition.Of(context.Request);
    }
}
