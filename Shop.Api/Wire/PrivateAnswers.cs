namespace Shop.Api.Wire;

/// <summary>Orders and carts are somebody's: no browser or proxy keeps the answer.</summary>
internal static class PrivateAnswers
{
    internal static RouteGroupBuilder NotStored(this RouteGroupBuilder routes)
    {
        routes.AddEndpointFilter(
            (context, next) =>
            {
                context.HttpContext.Response.Headers.CacheControl = "no-store";
                return next(context);
            }
        );
        return routes;
    }
}
