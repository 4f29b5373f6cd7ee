using System.Net;
using System.Text;
using System.Text.Unicode;

namespace Shop.Api.Requests;

/// <summary>Percent-encoding of query strings (RFC 3986, 2.1), which the framework passes on where it is none.</summary>
internal static class Escapes
{
    /// <summary>Whether what is escaped is text: two hexadecimal digits after each percent sign, and in all UTF-8.</summary>
    /// <param name="encoded">A value as it stands in the address.</param>
    public static bool AreText(string encoded)
    {
        var escaped = encoded.Split('%').Skip(1);
        return escaped.All(rest =>
                rest is [var high, var low, ..] && char.IsAsciiHexDigit(high) && char.IsAsciiHexDigit(low)
            )
            && Utf8.IsValid(
                WebUtility.UrlDecodeToBytes(Encoding.UTF8.GetBytes(encoded), 0, Encoding.UTF8.GetByteCount(encoded))
            );
    }
}
