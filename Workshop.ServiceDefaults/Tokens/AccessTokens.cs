using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Workshop.ServiceDefaults.Tokens;

/// <summary>
/// The two bearer tokens that the host makes. The operator token allows every write; the join token, which every
/// participant gets, allows the registration of a predictor and nothing else.
/// </summary>
public static class AccessTokens
{
    /// <summary>Configuration key of the operator token; <c>Workshop__OperatorToken</c> in the environment.</summary>
    public const string OperatorKey = "Workshop:OperatorToken";

    /// <summary>Configuration key of the join token; <c>Workshop__JoinToken</c> in the environment.</summary>
    public const string JoinKey = "Workshop:JoinToken";

    /// <summary>The authentication scheme of RFC 6750.</summary>
    public const string Scheme = "Bearer";

    /// <summary>The policy of routes that ask for the operator token.</summary>
    public const string OperatorPolicy = "operator";

    /// <summary>The policy of routes that ask for the join token or the operator token.</summary>
    public const string JoinPolicy = "join";

    /// <summary>The role of a caller that showed the operator token.</summary>
    internal const string OperatorRole = "operator";

    /// <summary>The role of a caller that showed the join token.</summary>
    internal const string JoinRole = "join";

    /// <summary>
    /// Lets routes require a policy. A token that is not configured opens nothing. Routes answer 401 without a token, and
    /// 403 with one that is not enough, before they look at the request's body.
    /// </summary>
    /// <param name="builder">The application's builder.</param>
    public static void AddTokens(this IHostApplicationBuilder builder)
    {
        // The core alone: the whole would bring data protection and write its keys to the user's home.
        builder.Services.AddAuthenticationCore(options =>
        {
            options.DefaultScheme = Scheme;
            options.AddScheme<TokenHandler>(Scheme, displayName: null);
        });
        builder.Services.AddWebEncoders();
        builder.Services.AddTransient<TokenHandler>();
        builder.Services.AddSingleton<WrongTokens>();
        builder.Services.Configure<TokenOptions>(
            Scheme,
            options =>
            {
                options.Operator = builder.Configuration[OperatorKey];
                options.Join = builder.Configuration[JoinKey];
            }
        );
        builder.Services.AddAuthorization(options =>
        {
            options.AddPolicy(OperatorPolicy, policy => policy.RequireRole(OperatorRole));
            options.AddPolicy(JoinPolicy, policy => policy.RequireRole(OperatorRole, JoinRole));
        });
    }

    /// <summary>
    /// Reads the token; after <c>MapServiceDefaults</c>, so that a refusal is a problem document too.
    /// </summary>
    /// <param name="app">The application, before its own routes.</param>
    public static void UseTokens(this WebApplication app)
    {
        app.UseAuthentication();
        app.UseAuthorization();
    }

    /// <summary>Whether the caller showed the operator token.</summary>
    /// <param name="user">Of the request.</param>
    public static bool IsOperator(this System.Security.Claims.ClaimsPrincipal user) => user.IsInRole(OperatorRole);

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
