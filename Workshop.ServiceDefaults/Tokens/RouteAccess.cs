using Microsoft.AspNetCore.Builder;

namespace Workshop.ServiceDefaults.Tokens;

/// <summary>
/// Who may use a route that decides it by itself, in words; a policy says it of the others. docs/security.md shows both.
/// </summary>
/// <param name="Who">For example <c>the member, by its own token</c>.</param>
public sealed record RouteAccess(string Who);

/// <summary>The verb for it.</summary>
public static class RouteAccessExtensions
{
    /// <summary>Says who may use the routes.</summary>
    /// <typeparam name="TBuilder">Of the routes.</typeparam>
    /// <param name="routes">The routes.</param>
    /// <param name="who">In words.</param>
    /// <returns>The same routes.</returns>
    public static TBuilder OpenTo<TBuilder>(this TBuilder routes, string who)
        where TBuilder : IEndpointConventionBuilder => routes.WithMetadata(new RouteAccess(who));
}
