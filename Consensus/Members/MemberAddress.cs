using System.Net;

namespace Consensus.Members;

/// <summary>Where members may live.</summary>
internal static class MemberAddress
{
    private const int MaximumLength = 200;

    /// <summary>Checks an address at registration.</summary>
    /// <param name="text">As given.</param>
    /// <param name="allowLoopback">Whether insiders may register.</param>
    /// <param name="address">The address without a slash at its end.</param>
    /// <returns>Null, or what is wrong.</returns>
    internal static string? Read(string text, bool allowLoopback, out string address)
    {
        address = "";
        if (
            text.Length > MaximumLength
            || !Uri.TryCreate(text, UriKind.Absolute, out var uri)
            || uri.Scheme is not ("http" or "https")
        )
        {
            return $"Must be an http or https address of at most {MaximumLength} characters.";
        }

        if (uri.UserInfo.Length > 0 || uri.Query.Length > 0 || uri.Fragment.Length > 0)
        {
            return "Must have no user, query or fragment.";
        }

        address = uri.AbsoluteUri.TrimEnd('/');
        return IsInsider(uri) && !allowLoopback ? "Loopback addresses are not allowed here." : null;
    }

    /// <summary>Whether an address names this machine, and so is left to the tokens, not to the guard.</summary>
    internal static bool IsInsider(Uri uri) =>
        string.Equals(uri.Host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(uri.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));
}
