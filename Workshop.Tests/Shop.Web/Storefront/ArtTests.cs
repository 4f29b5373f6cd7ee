using System.Text.Json;
using Shop.Web.Storefront;
using Workshop.Tests.Architecture;
using Xunit;

namespace Workshop.Tests.ShopWeb.Storefront;

/// <summary>A product is drawn as what it is, and the same everywhere.</summary>
public sealed class ArtTests
{
    [Theory]
    [InlineData("Chef's Knife 20 cm", "Kitchen", Motif.Knife)]
    [InlineData("Beech Cutting Board", "Kitchen", Motif.Board)]
    [InlineData("Cast Iron Pan 26 cm", "Kitchen", Motif.Pan)]
    [InlineData("Linen Tea Towels, Set of Three", "Kitchen", Motif.Cloth)]
    [InlineData("Japanese Bowl", "Kitchen", Motif.Kettle)]
    [InlineData("A Field Guide to Clouds", "Books", Motif.Book)]
    [InlineData("The Lamp and the Knife", "Books", Motif.Book)]
    [InlineData("x1dd66", "bars", Motif.Crate)]
    [InlineData("", "", Motif.Crate)]
    public void The_name_says_what_is_drawn_and_else_the_department(string name, string category, Motif motif) =>
        Assert.Equal(motif, Art.Of(name, category).Motif);

    [Fact]
    public void Every_motif_has_a_drawing_of_its_own() =>
        Assert.Equal(Enum.GetValues<Motif>().Length, Enum.GetValues<Motif>().Select(Drawings.Of).Distinct().Count());

    [Fact]
    public void The_catalogue_shows_at_least_twenty_five_motifs()
    {
        using var catalogue = JsonDocument.Parse(
            File.ReadAllText(Path.Combine(SourceTree.Root, "Shop.Api", "Data", "Catalogue", "catalogue.json"))
        );

        var motifs = catalogue
            .RootElement.EnumerateArray()
            .Select(product =>
                Art.Of(product.GetProperty("name").GetString()!, product.GetProperty("category").GetString()!).Motif
            )
            .ToHashSet();

        Assert.True(motifs.Count >= 25, $"Only {motifs.Count} motifs.");
    }
}
