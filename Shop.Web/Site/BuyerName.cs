using System.Globalization;

namespace Shop.Web.Site;

/// <summary>A buyer's name as a person reads it: guests have ids that nobody can read.</summary>
public static class BuyerName
{
    private const string Guest = "guest-";

    private const int IdDigits = 32;

    /// <summary>Hexadecimal digits at the end of an id, which are random: two for each word.</summary>
    private const int Told = 4;

    private static readonly string[] Colours = Words(
        """
        Amber Ash Azure Beige Birch Black Blue Brass Brick Bronze Brown Cedar Cherry Clay Cobalt Copper
        Coral Cream Cyan Ebony Emerald Fern Flint Ginger Gold Granite Green Grey Hazel Honey Indigo Ivory
        Jade Khaki Lemon Lilac Lime Linen Maple Maroon Mauve Mint Moss Navy Oak Ochre Olive Opal
        Orange Pearl Pine Pink Plum Purple Red Rose Ruby Rust Saffron Sage Sand Silver Teal White
        """
    );

    private static readonly string[] Animals = Words(
        """
        Badger Bat Bear Beaver Bee Bison Bittern Buzzard Camel Carp Cat Crab Crane Crow Curlew Deer
        Dolphin Dove Duck Eagle Eel Egret Elk Falcon Ferret Finch Fox Frog Gecko Gibbon Goat Goose
        Grouse Gull Hare Hawk Hedgehog Heron Ibis Jackdaw Jay Kestrel Kite Koala Lark Lemur Lion Lynx
        Magpie Marten Mole Moose Moth Newt Otter Owl Panda Puffin Quail Raven Robin Seal Swan Wren
        """
    );

    /// <summary>The name to show for <paramref name="userId"/>.</summary>
    /// <param name="userId">A user id of the shop.</param>
    /// <returns>For example <c>Guest Teal Otter</c>; a name that somebody chose is shown as it is.</returns>
    public static string Of(string userId) =>
        userId.StartsWith(Guest, StringComparison.Ordinal)
        && userId.Length == Guest.Length + IdDigits
        && userId[Guest.Length..].All(char.IsAsciiHexDigitLower)
            ? $"Guest {Word(Colours, userId[^Told..^2])} {Word(Animals, userId[^2..])}"
            : userId;

    private static string Word(string[] words, string digits) =>
        words[int.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) % words.Length];

    private static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
