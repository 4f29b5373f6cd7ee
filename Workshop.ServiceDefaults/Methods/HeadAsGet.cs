using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Workshop.ServiceDefaults.Methods;

/// <summary>
/// Answers <c>HEAD</c> on every <c>GET</c> route (RFC 9110, 9.3.2): the request is routed, counted and answered as a
/// <c>GET</c>, and the server, which knows better, sends no body. In front of the routing, where no route has to say so.
/// </summary>
internal sealed class HeadAsGet : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) =>
        app =>
        {
            app.Use(
                (context, rest) =>
                {
                    if (HttpMethods.IsHead(context.Request.Method))
                    {
                        context.Request.Method = HttpMethods.Get;
                        context.Items[HeadRequests.Mark] = true;
                    }

                    context.Response.OnStarting(NameHead, context.Response);
                    return rest(context);
                }
            );
            next(app);
        };

    /// <summary>A 405 names the methods that there are, and HEAD is one wherever GET is.</summary>
    private static Task NameHead(object state)
    {
        var response = (HttpResponse)state;
        if (
            response.StatusCode == StatusCodes.Status405MethodNotAllowed
            && response.Headers.Allow.ToString() is { Length: > 0 } allowed
            && allowed.Split(", ") is var methods
            && methods.Contains(HttpMethods.Get, StringComparer.Ordinal)
            && !methods.Contains(HttpMethods.Head, StringComparer.Ordinal)
        )
        {
            response.Headers.Allow = $"{allowed}, {HttpMethods.Head}";
        }

        return Task.CompletedTask;
    }
}
