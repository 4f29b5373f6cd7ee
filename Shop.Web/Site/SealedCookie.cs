using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;

namespace Shop.Web.Site;

/// <summary>Cookies that nobody else can make, so that nobody else puts words on our page.</summary>
/// <typeparam name="T">What they hold.</typeparam>
/// <param name="protection">Seals them.</param>
/// <param name="owner">Who alone can open them.</param>
/// <param name="kept">For how long.</param>
internal sealed class SealedCookie<T>(IDataProtectionProvider protection, Type owner, TimeSpan kept)
    where T : class
{
    private readonly ITimeLimitedDataProtector protector = protection
        .CreateProtector(owner.FullName!)
        .ToTimeLimitedDataProtector();

    /// <summary>Leaves one with the browser, for the pages below a path.</summary>
    internal void Write(HttpContext context, string name, T value, string path = "/") =>
        context.Write(name, protector.Protect(JsonSerializer.Serialize(value), kept), kept, path: path);

    /// <summary>What the browser sent; null for nothing, and for an old or foreign cookie.</summary>
    internal T? Read(HttpContext context, string name)
    {
        try
        {
            return context.Request.Cookies[context.NameOf(name)] is { } value
                ? JsonSerializer.Deserialize<T>(protector.Unprotect(value))
                : null;
        }
        catch (Exception exception) when (exception is CryptographicException or JsonException)
        {
            return null;
        }
    }
}
