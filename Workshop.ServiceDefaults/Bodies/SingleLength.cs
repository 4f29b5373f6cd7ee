using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Workshop.ServiceDefaults.Errors;

namespace Workshop.ServiceDefaults.Bodies;

/// <summary>
/// A request that says twice how long its body is, by <c>Content-Length</c> and by chunks, is refused, and its connection
/// closed: where a proxy believes the one and a server the other, the rest of one request is another (RFC 9112, 6.3).
/// </summary>
internal static class SingleLength
{
    /// <summary>Where Kestrel puts the length that it does not believe.</summary>
    private const string Overruled = "X-Content-Length";

    internal static void UseSingleLength(this WebApplication app) =>
        app.Use(
            (context, next) =>
            {
                if (
                    context.Request.Headers.TransferEncoding.Count == 0
                    || (context.Request.ContentLength is null && !context.Request.Headers.ContainsKey(Overruled))
                )
                {
                    return next(context);
                }

                context.Response.Headers.Connection = "close";
                return Problems
                    .Of(
                        StatusCodes.Status400BadRequest,
                        "Content-Length and Transfer-Encoding contradict each other; send one of them."
                    )
                    .ExecuteAsync(context);
            }
        );
}
