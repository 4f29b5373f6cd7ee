using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Workshop.ServiceDefaults.Tokens;

/// <summary>What the tokens are; null or empty for one that opens nothing.</summary>
internal sealed class TokenOptions : AuthenticationSchemeOptions
{
    public string? Operator { get; set; }

    public string? Join { get; set; }
}

/// <summary>Reads <c>Authorization: Bearer ...</c> and says which of the two tokens it is.</summary>
internal sealed class TokenHandler(
    IOptionsMonitor<TokenOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    WrongTokens wrong
) : AuthenticationHandler<TokenOptions>(options, logger, encoder)
{
    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Judge());

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (wrong.AreTooMany(Context))
        {
            Response.StatusCode = StatusCodes.Status429TooManyRequests;
            return Task.CompletedTask;
        }

        Challenge.Announce(Response);
        return base.HandleChallengeAsync(properties);
    }

    private AuthenticateResult Judge() =>
        BearerToken.Of(Request) is not { } given ? AuthenticateResult.NoResult()
        : Is(given, Options.Operator) ? Holder(AccessTokens.OperatorRole)
        : Is(given, Options.Join) ? Holder(AccessTokens.JoinRole)
        : AuthenticateResult.Fail("This is neither the operator token nor the join token.");

    private static bool Is(string given, string? token) =>
        !string.IsNullOrEmpty(token) && AccessTokens.Matches(given, token);

    private static AuthenticateResult Holder(string role)
    {
        var identity = new ClaimsIdentity([new(ClaimTypes.Role, role)], AccessTokens.Scheme);
        return AuthenticateResult.Success(new(new(identity), AccessTokens.Scheme));
    }
}

/// <summary>The bearer token of a request.</summary>
public static class BearerToken
{
    /// <summary>The token as it was sent; null where there is none.</summary>
    /// <param name="request">Its <c>Authorization</c> header is read.</param>
    public static string? Of(HttpRequest request) =>
        AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var header)
        && string.Equals(header.Scheme, AccessTokens.Scheme, StringComparison.OrdinalIgnoreCase)
            ? header.Parameter
            : null;
}
