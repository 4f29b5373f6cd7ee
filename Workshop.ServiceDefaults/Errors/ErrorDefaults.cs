using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Workshop.ServiceDefaults.Errors;

/// <summary>Every error of every service leaves as <c>application/problem+json</c> (RFC 9457).</summary>
internal static class ErrorDefaults
{
    internal static void AddErrors(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ProblemFormat>();
        // Before the framework's own writer, which stays silent when the client does not ask for JSON.
        builder.Services.AddSingleton<IProblemDetailsWriter, ProblemWriter>();
        builder.Services.AddProblemDetails();
        builder.Services.AddExceptionHandler<ExceptionMapping>();
        // A request that cannot be bound reaches the one mapping, instead of an empty 400.
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
    }

    internal static void UseErrors(this WebApplication app)
    {
        app.UseRetryHints();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
    }
}
