using System.Net.Mime;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Workshop.ServiceDefaults.Errors;
using Workshop.ServiceDefaults.Loops;

namespace Workshop.ServiceDefaults.Health;

/// <summary>Liveness and readiness, each at its own address.</summary>
public static class HealthDefaults
{
    /// <summary>Liveness: the process answers at all.</summary>
    public const string AlivePath = "/alive";

    /// <summary>Readiness: all checks are good, so requests may come.</summary>
    public const string ReadyPath = "/health";

    private const string LiveTag = "live";

    internal static void AddHealth(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Background>();
        builder
            .Services.AddHealthChecks()
            .AddCheck("self", () => HealthCheckResult.Healthy(), [LiveTag])
            .AddCheck<Background>("loops");
    }

    internal static void MapHealth(this WebApplication app)
    {
        var live = new HealthCheckOptions
        {
            Predicate = check => check.Tags.Contains(LiveTag),
            ResponseWriter = Answer,
        };
        app.MapHealthChecks(AlivePath, live).OnlyRead();
        app.MapHealthChecks(ReadyPath, new() { ResponseWriter = Answer }).OnlyRead();
    }

    /// <summary>The state in a word; a 503 is a problem document as any other, and names the checks that failed.</summary>
    private static Task Answer(HttpContext context, HealthReport report)
    {
        if (report.Status is not HealthStatus.Unhealthy)
        {
            context.Response.ContentType = MediaTypeNames.Text.Plain;
            return context.Response.WriteAsync(report.Status.ToString(), context.RequestAborted);
        }

        var failed = report.Entries.Where(entry => entry.Value.Status is HealthStatus.Unhealthy);
        return Problems
            .Of(
                StatusCodes.Status503ServiceUnavailable,
                $"Not ready: {string.Join(", ", failed.Select(entry => entry.Key).Order(StringComparer.Ordinal))}."
            )
            .ExecuteAsync(context);
    }

    /// <summary>The framework takes any method.</summary>
    private static void OnlyRead(this IEndpointConventionBuilder check) =>
        check.DisableRateLimiting().WithMetadata(new HttpMethodMetadata([HttpMethods.Get, HttpMethods.Head]));
}
