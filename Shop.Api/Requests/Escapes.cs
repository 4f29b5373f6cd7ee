using System.Net;
using System.Text.Unicode;

namespace Shop.Api.Requests;

/// <summary>Percent-encoding of query strings (RFC 3986, 2.1), which the framework passes on where it is none.</summary>
internal static class Escapes
{
    /// <summary>Whether what is escaped is text: two hexadecimal digits after each percent sign, and in all UTF-8.</summary>
    /// <param name="encoded">A value as it stands in the address.</param>
    public static bool AreText(ReadOnlySpan<char> encoded)
    {
        if (!encoded.Contains('%'))
        {
            return true;
        }

        for (var at = encoded.IndexOf('%'); at >= 0; at = Next(encoded, at + 1))
        {
            if (
                at + 2 >= encoded.Length
                || !char.IsAsciiHexDigit(encoded[at + 1])
                || !char.IsAsciiHexDigit(encoded[at + 2])
            )
            {
                return false;
            }
        }

        return Utf8.IsValid(
            WebUtility.UrlDecodeToBytes(System.Text.Encoding.UTF8.GetBytes(encoded.ToArray()), 0, encoded.Length)!
        );
    }

    private static int Next(ReadOnlySpan<char> encoded, int from) =>
        encoded[from..].IndexOf('%') is >= 0 and var at ? from + at : -1;
}
