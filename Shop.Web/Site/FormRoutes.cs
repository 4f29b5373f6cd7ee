using Microsoft.AspNetCore.Antiforgery;

namespace Shop.Web.Site;

/// <summary>Routes that forms of our own pages post to, and nobody else's.</summary>
internal static class FormRoutes
{
    /// <summary>Refuses a post without the token of our own form, also where the route reads no field of it.</summary>
    /// <param name="routes">The routes.</param>
    /// <returns>The same routes.</returns>
    internal static TBuilder RequireOwnForm<TBuilder>(this TBuilder routes)
        where TBuilder : IEndpointConventionBuilder =>
        routes
            .WithMetadata(new RequireAntiforgeryTokenAttribute())
            .AddEndpointFilter(
                async (context, next) =>
                    context.HttpContext.Features.Get<IAntiforgeryValidationFeature>() is { IsValid: true }
                        ? await next(context)
                        : TypedResults.StatusCode(StatusCodes.Status400BadRequest)
            );
}
