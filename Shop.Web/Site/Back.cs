using Microsoft.AspNetCore.Http.HttpResults;

namespace Shop.Web.Site;

/// <summary>After a form the browser is sent on with 303, so that going back or reloading never sends the form again.</summary>
internal static class Back
{
    /// <summary>To <paramref name="address"/> if it is one of ours, else to the home page.</summary>
    internal static RedirectHttpResult To(string? address) =>
        TypedResults.LocalRedirect(IsOurs(address) ? address! : "/");

    /// <summary>A path on this server: <c>//host</c> and <c>/\host</c> would lead elsewhere.</summary>
    internal static bool IsOurs(string? address) =>
        address is ['/', ..]
        && !address.StartsWith("//", StringComparison.Ordinal)
        && !address.Contains('\\', StringComparison.Ordinal)
        // A header holds printable ASCII; an address of ours is written with it.
        && address.All(letter => letter is > ' ' and <= '~');
}
