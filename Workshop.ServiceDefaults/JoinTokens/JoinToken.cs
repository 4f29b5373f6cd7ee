using System.Net.Http.Headers;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Workshop.ServiceDefaults.JoinTokens;

/// <summary>
/// The bearer token that the host makes and hands to the services (<c>Workshop__JoinToken</c>). Routes marked with
/// <c>RequireAuthorization()</c> answer 401 without it, before they look at the request's body.
/// </summary>
public static class JoinToken
{
    /// <summary>The configuration key; <c>Workshop__JoinToken</c> in the environment.</summary>
    public const string Key = "Workshop:JoinToken";

    /// <summary>The authentication scheme of RFC 6750.</summary>
    public const string Scheme = "Bearer";

    /// <summary>Lets routes require the join token. Where none is configured nobody may write.</summary>
    /// <param name="builder">The application's builder.</param>
    public static void AddJoinToken(this IHostApplicationBuilder builder)
    {
        // The core alone: the whole would bring data protection and write its keys to the user's home.
        builder.Services.AddAuthenticationCore(options =>
        {
            options.DefaultScheme = Scheme;
            options.AddScheme<JoinTokenHandler>(Scheme, displayName: null);
        });
        builder.Services.AddWebEncoders();
        builder.Services.AddTransient<JoinTokenHandler>();
        builder.Services.Configure<JoinTokenOptions>(Scheme, options => options.Token = builder.Configuration[Key]);
        builder.Services.AddAuthorization();
    }

    /// <summary>
    /// Checks the token; after <c>MapServiceDefaults</c>, so that a refusal is a problem document too.
    /// </summary>
    /// <param name="app">The application, before its own routes.</param>
    public static void UseJoinToken(this WebApplication app)
    {
        app.UseAuthentication();
        app.UseAuthorization();
    }

    /// <summary>Compares in a time that does not tell how much of the token was right.</summary>
    /// <param name="given">What the caller sent.</param>
    /// <param name="expected">What the host made.</param>
    /// <returns>True when they are the same text.</returns>
    public static bool Matches(string given, string expected) =>
        CryptographicOperations.FixedTimeEquals(
            SHA256.HashData(Encoding.UTF8.GetBytes(given)),
            SHA256.HashData(Encoding.UTF8.GetBytes(expected))
        );
}

/// <summary>What the join token is.</summary>
internal sealed class JoinTokenOptions : AuthenticationSchemeOptions
{
    public string? Token { get; set; }
}

/// <summary>Reads <c>Authorization: Bearer ...</c>.</summary>
internal sealed class JoinTokenHandler(
    IOptionsMonitor<JoinTokenOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder
) : AuthenticationHandler<JoinTokenOptions>(options, logger, encoder)
{
    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Judge());

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer realm=\"workshop\"";
        return base.HandleChallengeAsync(properties);
    }

    private AuthenticateResult Judge()
    {
        if (
            !AuthenticationHeaderValue.TryParse(Request.Headers.Authorization, out var header)
            || !string.Equals(header.Scheme, JoinToken.Scheme, StringComparison.OrdinalIgnoreCase)
            || header.Parameter is not { } given
        )
        {
            return AuthenticateResult.NoResult();
        }

        if (string.IsNullOrEmpty(Options.Token) || !JoinToken.Matches(given, Options.Token))
        {
            return AuthenticateResult.Fail("This is not the join token.");
        }

        var holder = new ClaimsPrincipal(new ClaimsIdentity([], JoinToken.Scheme));
        return AuthenticateResult.Success(new(holder, JoinToken.Scheme));
    }
}
