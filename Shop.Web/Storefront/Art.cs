namespace Shop.Web.Storefront;

/// <summary>Which of our drawings a product gets: the same one on every page, from its category and id alone.</summary>
public static class Art
{
    /// <summary>Colour sets in the style sheet.</summary>
    public const int Hues = 12;

    private static readonly (string Word, Motif Motif, int Hue)[] Motifs =
    [
        ("bicycle", Motif.Wheel, 6),
        ("book", Motif.Book, 0),
        ("coffee", Motif.Cup, 1),
        ("tea", Motif.Cup, 3),
        ("electronic", Motif.Chip, 7),
        ("game", Motif.Puzzle, 9),
        ("toy", Motif.Puzzle, 11),
        ("garden", Motif.Leaf, 3),
        ("kitchen", Motif.Kettle, 10),
        ("stationery", Motif.Pencil, 1),
        ("music", Motif.Headphones, 8),
        ("travel", Motif.Tent, 5),
        ("tool", Motif.Wrench, 1),
        ("home", Motif.Lamp, 0),
        ("cloth", Motif.Shirt, 9),
    ];

    /// <summary>The drawing for <paramref name="category"/>.</summary>
    /// <param name="category">A product's category.</param>
    /// <returns>
    /// A motif, and a colour set from 0 to <see cref="Hues"/> - 1; a crate in a colour of its own for words we do not
    /// know.
    /// </returns>
    public static (Motif Motif, int Hue) Of(string category)
    {
        foreach (var (word, motif, hue) in Motifs)
        {
            if (category.Contains(word, StringComparison.OrdinalIgnoreCase))
            {
                return (motif, hue);
            }
        }

        return (Motif.Crate, (int)(Hash(category) % Hues));
    }

    /// <summary>A number that stays the product's own.</summary>
    /// <param name="id">The product's id; of a version 7 id only the end is random.</param>
    /// <returns>0 to 255.</returns>
    public static int SeedOf(Guid id) => id.ToByteArray()[^1];

    /// <summary>
    /// FNV-1a, 32 bits, of the UTF-16 units: <c>string.GetHashCode</c> differs from process to process.
    /// </summary>
    private static uint Hash(string text) =>
        text.Aggregate(2166136261u, (hash, letter) => unchecked((hash ^ letter) * 16777619u));
}

/// <summary>What is drawn.</summary>
public enum Motif
{
    /// <summary>A wooden crate, for anything.</summary>
    Crate,

    /// <summary>A book.</summary>
    Book,

    /// <summary>A kettle.</summary>
    Kettle,

    /// <summary>A chip.</summary>
    Chip,

    /// <summary>Headphones.</summary>
    Headphones,

    /// <summary>A leaf in a pot.</summary>
    Leaf,

    /// <summary>A tent.</summary>
    Tent,

    /// <summary>A bicycle's wheel.</summary>
    Wheel,

    /// <summary>A cup.</summary>
    Cup,

    /// <summary>A pencil.</summary>
    Pencil,

    /// <summary>A piece of a puzzle.</summary>
    Puzzle,

    /// <summary>A wrench.</summary>
    Wrench,

    /// <summary>A lamp.</summary>
    Lamp,

    /// <summary>A shirt.</summary>
    Shirt,
}
