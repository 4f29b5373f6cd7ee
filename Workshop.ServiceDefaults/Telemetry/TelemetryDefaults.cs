using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Workshop.ServiceDefaults.Health;

namespace Workshop.ServiceDefaults.Telemetry;

/// <summary>Traces, metrics and logs through OpenTelemetry; exported when a collector's address is configured.</summary>
internal static class TelemetryDefaults
{
    /// <summary>Sources and meters of the workshop's own code have this prefix.</summary>
    private const string OwnSources = "Workshop.*";

    /// <summary>Names the collector, as every OpenTelemetry SDK reads it.</summary>
    private const string CollectorVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    internal static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        // A line or four per request cost more than the request; traces tell it better, and probes fail while starting.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("System.Net.Http.HttpClient", LogLevel.Warning);
        builder.Logging.AddFilter("Polly", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.Critical);
        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });
        var telemetry = builder
            .Services.AddOpenTelemetry()
            .WithMetrics(metrics =>
                metrics
                    .AddAspNetCoreInstrumentation()
                    .AddHttpClientInstrumentation()
                    .AddRuntimeInstrumentation()
                    .AddMeter(OwnSources, "Npgsql")
            )
            .WithTracing(tracing =>
                tracing
                    .AddSource(OwnSources, "Npgsql")
                    .AddAspNetCoreInstrumentation(options => options.Filter = IsNotProbe)
                    .AddHttpClientInstrumentation()
            );
        if (!string.IsNullOrWhiteSpace(builder.Configuration[CollectorVariable]))
        {
            telemetry.UseOtlpExporter();
        }
    }

    /// <summary>Health probes come many times a second and would drown the traces of real requests.</summary>
    private static bool IsNotProbe(HttpContext context) =>
        !context.Request.Path.StartsWithSegments(HealthDefaults.AlivePath, StringComparison.Ordinal)
        && !context.Request.Path.StartsWithSegments(HealthDefaults.ReadyPath, StringComparison.Ordinal);
}
