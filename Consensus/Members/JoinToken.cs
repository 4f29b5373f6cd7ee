using System.Security.Cryptography;
using System.Text;

namespace Consensus.Members;

/// <summary>The secret that lets its holders register members. Without one configured, nobody may.</summary>
internal sealed class JoinToken(IConfiguration configuration)
{
    private const string Scheme = "Bearer ";

    /// <summary>Hashes are compared, so that neither time nor length tells anything of the token.</summary>
    private readonly byte[]? expected = configuration["Workshop:JoinToken"] is { Length: > 0 } token
        ? Hash(token)
        : null;

    /// <summary>Whether a request carries the token as <c>Authorization: Bearer …</c>.</summary>
    internal bool Admits(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        return expected is not null
            && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(Hash(header[Scheme.Length..].Trim()), expected);
    }

    /// <summary>Lets only holders of the token through; others get 401 as a problem document.</summary>
    internal static async ValueTask<object?> Require(
        EndpointFilterInvocationContext context,
        EndpointFilterDelegate next
    )
    {
        var http = context.HttpContext;
        if (http.RequestServices.GetRequiredService<JoinToken>().Admits(http.Request))
        {
            return await next(context);
        }

        http.Response.Headers.WWWAuthenticate = "Bearer";
        return TypedResults.Problem(
            "This route needs the join token as 'Authorization: Bearer …'.",
            statusCode: StatusCodes.Status401Unauthorized
        );
    }

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
