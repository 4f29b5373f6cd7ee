using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Workshop.ServiceDefaults.Errors;

namespace Workshop.ServiceDefaults.Idempotency;

/// <summary>What a route says of itself: whether it takes a key.</summary>
public interface IKeyedRoute
{
    /// <summary>Whether a write under a key happens once.</summary>
    bool TakesKey { get; }
}

/// <summary>A route that takes a key, where it has nothing else to say.</summary>
public sealed record KeyedRoute : IKeyedRoute
{
    /// <inheritdoc/>
    public bool TakesKey => true;
}

/// <summary>
/// A key on a write that takes none is refused, in every service: a client that sends one trusts in it, and would repeat
/// what happens twice. Where no route takes the method, the framework's own answer says so.
/// </summary>
internal static class KeyRefusal
{
    internal static void UseKeyRefusal(this WebApplication app) =>
        app.Use(
            (context, next) =>
                context.GetEndpoint() is RouteEndpoint endpoint
                && !HttpMethods.IsGet(context.Request.Method)
                && context.Request.Headers.ContainsKey(IdempotencyKey.Header)
                && endpoint.Metadata.GetMetadata<IKeyedRoute>() is not { TakesKey: true }
                    ? throw new InvalidRequestException(IdempotencyKey.Header, "This address takes no key.")
                    : next(context)
        );
}
