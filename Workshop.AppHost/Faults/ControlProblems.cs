using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Workshop.AppHost.Faults;

/// <summary>Errors of the control endpoint have the members that those of all services have.</summary>
internal static class ControlProblems
{
    /// <summary>Adds what writes them.</summary>
    internal static void AddControlProblems(this IServiceCollection services) =>
        services.AddProblemDetails(options => options.CustomizeProblemDetails = Complete);

    private static void Complete(ProblemDetailsContext context)
    {
        var (problem, http) = (context.ProblemDetails, context.HttpContext);
        // Whatever the framework put there: no problem here means more than its status does.
        problem.Type = "about:blank";
        problem.Detail ??= problem.Status switch
        {
            StatusCodes.Status404NotFound => "There is nothing at this address.",
            StatusCodes.Status405MethodNotAllowed => $"This address does not take {http.Request.Method}.",
            _ => problem.Title,
        };
        problem.Instance ??= http.Request.Path.ToUriComponent();
        problem.Extensions["traceId"] = Activity.Current?.TraceId.ToHexString() ?? http.TraceIdentifier;
    }
}
