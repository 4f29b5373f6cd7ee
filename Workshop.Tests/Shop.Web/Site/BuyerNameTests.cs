using Shop.Web.Site;
using Xunit;

namespace Workshop.Tests.ShopWeb.Site;

/// <summary>Guests have a name that can be read; a name that somebody chose is left alone.</summary>
public sealed class BuyerNameTests
{
    [Theory]
    [InlineData("guest-01a221f64fe173f6b893f9bbf675a6a0", "Guest Maple Grouse")]
    [InlineData("guest-01A221f64fe173f6b893f9bbf675a6a0", "guest-01A221f64fe173f6b893f9bbf675a6a0")]
    [InlineData("guest-", "guest-")]
    [InlineData("guest-list", "guest-list")]
    [InlineData("anna", "anna")]
    public void A_buyer_is_named(string userId, string name) => Assert.Equal(name, BuyerName.Of(userId));

    [Fact]
    public void Guests_are_told_apart_by_two_words()
    {
        var names = Enumerable
            .Range(0, 0x10000)
            .Select(end => BuyerName.Of($"guest-01a221f64fe173f6b893f9bbf675{end:x4}"))
            .Distinct(StringComparer.Ordinal)
            .ToList();

        Assert.Equal(64 * 64, names.Count);
        Assert.All(names, name => Assert.Equal(3, name.Split(' ').Length));
    }
}
