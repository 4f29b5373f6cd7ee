namespace Shop.Web.Storefront;

/// <summary>Which of our drawings a product gets: the same one on every page, from its name, category and id alone.</summary>
public static class Art
{
    /// <summary>Colour sets in the style sheet.</summary>
    public const int Hues = 12;

    private static readonly (string Word, Motif Motif, int Hue)[] Categories =
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

    /// <summary>By a word of the name; where two stand in one name, the first of this list is drawn.</summary>
    private static readonly (string Word, Motif Motif)[] Names =
    [
        ("towel", Motif.Cloth),
        ("towels", Motif.Cloth),
        ("felt", Motif.Cloth),
        ("kettle", Motif.Kettle),
        ("grinder", Motif.Mill),
        ("mill", Motif.Mill),
        ("espresso", Motif.Pouch),
        ("sidamo", Motif.Pouch),
        ("decaf", Motif.Pouch),
        ("seed", Motif.Pouch),
        ("bell", Motif.Bell),
        ("light", Motif.Lamp),
        ("lamp", Motif.Lamp),
        ("tyre", Motif.Wheel),
        ("bike", Motif.Bicycle),
        ("gravel", Motif.Bicycle),
        ("commuter", Motif.Bicycle),
        ("tool", Motif.Wrench),
        ("lubricant", Motif.Bottle),
        ("ink", Motif.Bottle),
        ("oil", Motif.Bottle),
        ("weather", Motif.Cloud),
        ("keyboard", Motif.Keyboard),
        ("hub", Motif.Plug),
        ("headphones", Motif.Headphones),
        ("calendar", Motif.Calendar),
        ("power", Motif.Battery),
        ("printer", Motif.Printer),
        ("computer", Motif.Chip),
        ("sky", Motif.Cloud),
        ("harbour", Motif.Boat),
        ("chess", Motif.Pawn),
        ("dice", Motif.Dice),
        ("marble", Motif.Marble),
        ("cards", Motif.Cards),
        ("watering", Motif.Can),
        ("bee", Motif.House),
        ("shears", Motif.Shears),
        ("thermometer", Motif.Thermometer),
        ("planter", Motif.Leaf),
        ("pan", Motif.Pan),
        ("knife", Motif.Knife),
        ("cutting", Motif.Board),
        ("mug", Motif.Cup),
        ("roller", Motif.Roller),
        ("notebook", Motif.Book),
        ("letter", Motif.Envelope),
        ("stamp", Motif.Stamp),
        ("shirt", Motif.Shirt),
        ("tent", Motif.Tent),
    ];

    /// <summary>The drawing for a product, or for a whole category where <paramref name="name"/> is empty.</summary>
    /// <param name="name">A product's name.</param>
    /// <param name="category">Its category; empty where nobody knows it.</param>
    /// <returns>
    /// A motif, and a colour set from 0 to <see cref="Hues"/> - 1; a crate in a colour of its own for words we do not
    /// know.
    /// </returns>
    public static (Motif Motif, int Hue) Of(string name, string category)
    {
        var department = Array.Find(
            Categories,
            known => category.Contains(known.Word, StringComparison.OrdinalIgnoreCase)
        );
        // What a book is about is not what it looks like.
        var word = department.Motif is Motif.Book ? default : Array.Find(Names, known => HasWord(name, known.Word));
        var motif = word.Word is null ? department.Motif : word.Motif;
        var hue = department.Word is null ? (int)(Hash(category.Length > 0 ? category : name) % Hues) : department.Hue;
        // Shelves of one department keep its colours, a step apart for each motif.
        return (motif, word.Word is null ? hue : (hue + ((int)motif % Shades)) % Hues);
    }

    /// <summary>Neighbours of a department's colour that its products may have.</summary>
    private const int Shades = 3;

    /// <summary>A number that stays the product's own.</summary>
    /// <param name="id">The product's id; of a version 7 id only the end is random.</param>
    /// <returns>0 to 255.</returns>
    public static int SeedOf(Guid id) => id.ToByteArray()[^1];

    private static bool HasWord(string name, string word)
    {
        var at = name.IndexOf(word, StringComparison.OrdinalIgnoreCase);
        return at >= 0
            && (at == 0 || !char.IsLetter(name[at - 1]))
            && (at + word.Length == name.Length || !char.IsLetter(name[at + word.Length]));
    }

    /// <summary>
    /// FNV-1a, 32 bits, of the UTF-16 units: <c>string.GetHashCode</c> differs from process to process.
    /// </summary>
    private static uint Hash(string text) =>
        text.Aggregate(2166136261u, (hash, letter) => unchecked((hash ^ letter) * 16777619u));
}
