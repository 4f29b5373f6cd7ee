using Registry.Conductor;
using Workshop.ServiceDefaults.Errors;

namespace Registry.Observer;

/// <summary>Refuses what only a conductor of the workshop's own could do.</summary>
internal sealed class OnlyObserved : IEndpointFilter
{
    private const string Why =
        $"Who is primary, and how, is decided outside of the workshop ({ConductorOptions.ConductorKey}="
        + $"{ConductorOptions.External}): ask the manager of the database servers, such as Patroni.";

    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.HttpContext.RequestServices.GetService<ConductorOptions>() is { IsExternal: true }
            ? ValueTask.FromResult<object?>(Problems.Of(StatusCodes.Status409Conflict, Why))
            : next(context);
}
