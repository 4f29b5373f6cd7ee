using Workshop.ServiceDefaults.Errors;

namespace Shop.Api.Requests;

/// <summary>Query parameters of a route; a <see cref="QueryReader"/> refuses those that it does not know.</summary>
internal interface IRouteQuery;

/// <summary>
/// Checks of an address beyond what the framework binds: an id has one form, and an unknown query parameter is 400. The
/// framework ignores a parameter that no handler binds, so <c>DELETE /cart/ada?productId=…</c> would empty the whole cart.
/// </summary>
internal static class StrictAddresses
{
    /// <summary>Adds the checks to a route, or to all of a group.</summary>
    public static TBuilder HoldAddresses<TBuilder>(this TBuilder routes)
        where TBuilder : IEndpointConventionBuilder =>
        routes.AddEndpointFilterFactory(
            (route, next) =>
            {
                var parameters = route.MethodInfo.GetParameters();
                var ids = parameters
                    .Where(parameter => parameter.ParameterType == typeof(Guid))
                    .Select(parameter => parameter.Name!)
                    .ToArray();
                var hasQuery = parameters.Any(parameter => parameter.ParameterType.IsAssignableTo(typeof(IRouteQuery)));
                return call =>
                {
                    CheckIds(call.HttpContext, ids);
                    if (!hasQuery)
                    {
                        new QueryReader(call.HttpContext.Request).Done();
                    }

                    return next(call);
                };
            }
        );

    private static void CheckIds(HttpContext context, string[] names)
    {
        foreach (var name in names)
        {
            if (!Identifier.TryParse(context.GetRouteValue(name) as string, out _))
            {
                throw new InvalidRequestException(name, Identifier.Rule);
            }
        }
    }
}
