using Shop.Web.Storefront;
using Xunit;

namespace Workshop.Tests.ShopWeb.Storefront;

/// <summary>A word that found nothing leads to the words that it resembles.</summary>
public sealed class SuggestionsTests
{
    private static readonly string[] Names =
    [
        "Gooseneck Kettle 0.9 l",
        "Café Crème, two cups",
        "Chef's Knife 20 cm",
        "Pepper Mill, Walnut",
        "Dot Grid Notebook A5",
    ];

    [Theory]
    [InlineData("ketle", "Kettle")]
    [InlineData("KETTEL", "Kettle")]
    [InlineData("goosneck kettel", "Gooseneck Kettle")]
    [InlineData("cafe", "Café")]
    [InlineData("creme brulee", "Crème")]
    [InlineData("note-book", "")]
    [InlineData("notbook", "Notebook")]
    [InlineData("knive", "Knife")]
    [InlineData("zzzz", "")]
    [InlineData("a", "")]
    [InlineData("", "")]
    [InlineData("20", "")]
    [InlineData("👍👍👍 \ud800", "")]
    public void A_typing_error_leads_to_the_word(string search, string words) =>
        Assert.Equal(words, string.Join(' ', Suggestions.For(search, Names)));

    [Fact]
    public void Long_texts_cost_nothing() =>
        Assert.Empty(Suggestions.For(new string('a', 100_000), [new string('a', 200)]));
}
