using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Workshop.ServiceDefaults.Errors;

/// <summary>Every error of every service leaves as <c>application/problem+json</c> (RFC 9457).</summary>
internal static class ErrorDefaults
{
    internal static void AddErrors(this IHostApplicationBuilder builder)
    {
        builder.Services.AddProblemDetails(options =>
            options.CustomizeProblemDetails = context =>
            {
                context.ProblemDetails.Instance ??= context.HttpContext.Request.Path;
                context.ProblemDetails.Extensions["traceId"] =
                    Activity.Current?.TraceId.ToHexString() ?? context.HttpContext.TraceIdentifier;
            }
        );
        builder.Services.AddExceptionHandler<ExceptionMapping>();
        // A request that cannot be bound reaches the one mapping below, instead of an empty 400.
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
    }

    internal static void UseErrors(this WebApplication app)
    {
        app.UseExceptionHandler();
        app.UseStatusCodePages();
    }
}
