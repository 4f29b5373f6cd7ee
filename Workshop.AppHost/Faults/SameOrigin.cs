using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Workshop.AppHost.Faults;

/// <summary>
/// Commands need no password, for they are taken on loopback only; but a web page from elsewhere, open in a browser on
/// this machine, must not be able to give them. Command-line clients send none of the headers looked at here but
/// <c>Host</c>.
/// </summary>
internal static class SameOrigin
{
    private static readonly string[] LoopbackNames = ["localhost", "127.0.0.1", "[::1]"];

    private const string ContentPolicy =
        "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    internal static void UseSameOrigin(this WebApplication app, int port) =>
        app.Use(
            async (context, next) =>
            {
                // No page may draw this one in a frame of its own and lead the user's clicks onto its buttons.
                context.Response.Headers.ContentSecurityPolicy = ContentPolicy;
                context.Response.Headers.XContentTypeOptions = "nosniff";
                if (Refuse(context.Request, port) is not var (status, reason))
                {
                    await next(context);
                    return;
                }

                await TypedResults.Problem(reason, statusCode: status).ExecuteAsync(context);
            }
        );

    /// <summary>Why the request is refused, or null.</summary>
    internal static (int Status, string Reason)? Refuse(HttpRequest request, int port)
    {
        // Another name would mean that somebody's domain name was pointed at loopback (DNS rebinding).
        if (!LoopbackNames.Contains(request.Host.Host, StringComparer.OrdinalIgnoreCase))
        {
            return (StatusCodes.Status421MisdirectedRequest, "This server answers to the names of loopback only.");
        }

        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        {
            return null;
        }

        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site is not ("" or "same-origin" or "none"))
        {
            return (StatusCodes.Status403Forbidden, "A page of another site may not give commands.");
        }

        var origin = request.Headers.Origin.ToString();
        return origin.Length == 0 || IsOwn(origin, port)
            ? null
            : (StatusCodes.Status403Forbidden, "A page of another origin may not give commands.");
    }

    private static bool IsOwn(string origin, int port) =>
        Array.Exists(
            LoopbackNames,
            name =>
                string.Equals(
                    origin,
                    string.Create(CultureInfo.InvariantCulture, $"http://{name}:{port}"),
                    StringComparison.OrdinalIgnoreCase
                )
        );
}
