namespace Shop.Web.Visitors;

/// <summary>
/// Marks a form that a visitor from another machine may send. Every other is the operator's: whoever adds a form decides.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class OpenToVisitorsAttribute : Attribute;

/// <summary>The verb for it.</summary>
internal static class OpenToVisitorsExtensions
{
    internal static TBuilder OpenToVisitors<TBuilder>(this TBuilder routes)
        where TBuilder : IEndpointConventionBuilder => routes.WithMetadata(new OpenToVisitorsAttribute());
}
