using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Workshop.ServiceDefaults.Identity;

/// <summary>Says on every response which instance answered, and in which trace.</summary>
public static class ServedBy
{
    /// <summary>The header that names the instance, for example <c>shop-api-1</c>.</summary>
    public const string Header = "X-Served-By";

    /// <summary>W3C Trace Context, level 2: the trace that the response belongs to.</summary>
    private const string TraceHeader = "traceresponse";

    internal static void UseServedBy(this WebApplication app)
    {
        var instance = InstanceName(app.Configuration, app.Environment);
        app.Use(
            (context, next) =>
            {
                context.Response.OnStarting(() =>
                {
                    context.Response.Headers[Header] = instance;
                    if (Activity.Current?.Id is { } trace)
                    {
                        context.Response.Headers[TraceHeader] = trace;
                    }

                    return Task.CompletedTask;
                });
                return next(context);
            }
        );
    }

    /// <summary>The name of this instance: the resource name that the host gave, else the application's name.</summary>
    /// <param name="configuration">Where the host's environment is read.</param>
    /// <param name="environment">Holds the application's name.</param>
    /// <returns>A name without white space, such as <c>shop-api-1</c>.</returns>
    public static string InstanceName(IConfiguration configuration, IHostEnvironment environment) =>
        configuration["OTEL_SERVICE_NAME"] is { Length: > 0 } name ? name : environment.ApplicationName;
}
