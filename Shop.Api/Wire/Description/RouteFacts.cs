using Workshop.ServiceDefaults.Idempotency;

namespace Shop.Api.Wire.Description;

/// <summary>What a route tells of itself that its signature does not.</summary>
/// <param name="Summary">One line.</param>
/// <param name="Problems">
/// Statuses of the problems that are this route's own; those that all routes share are added.
/// </param>
/// <param name="Parameters">Names in <see cref="ParameterTable"/>; those of the path are found by themselves.</param>
/// <param name="Headers">Headers of its good answer, names in <see cref="HeaderTable"/>.</param>
/// <param name="Example">A body that the route takes, as JSON.</param>
internal sealed record RouteFacts(
    string Summary,
    IReadOnlyList<int> Problems,
    IReadOnlyList<string> Parameters,
    IReadOnlyList<string> Headers,
    string? Example
) : IKeyedRoute
{
    /// <inheritdoc/>
    public bool TakesKey => Parameters.Contains(IdempotencyKey.Header, StringComparer.Ordinal);
}

/// <summary>Lets routes describe themselves where they are mapped.</summary>
internal static class RouteFactsExtensions
{
    /// <summary>Describes the route.</summary>
    public static void Describe(
        this RouteHandlerBuilder route,
        string summary,
        int[]? problems = null,
        string[]? parameters = null,
        string[]? headers = null,
        string? example = null
    ) => route.WithMetadata(new RouteFacts(summary, problems ?? [], parameters ?? [], headers ?? [], example));
}
