using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Workshop.ServiceDefaults.Health;
using Workshop.ServiceDefaults.Tokens;

namespace Workshop.ServiceDefaults.Telemetry;

/// <summary>Traces, metrics and logs through OpenTelemetry, when a collector's address is configured.</summary>
public static class TelemetryDefaults
{
    /// <summary>Sources and meters of the workshop's own code have this prefix.</summary>
    private const string OwnSources = "Workshop.*";

    /// <summary>Names the collector, as every OpenTelemetry SDK reads it.</summary>
    private const string CollectorVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>
    /// What is logged unless the configuration says otherwise: a line or four per request cost more than the request,
    /// and probes fail while something starts.
    /// </summary>
    private static readonly Dictionary<string, string?> LogLevels = new(StringComparer.Ordinal)
    {
        ["Logging:LogLevel:Default"] = nameof(LogLevel.Information),
        ["Logging:LogLevel:Microsoft.AspNetCore"] = nameof(LogLevel.Warning),
        ["Logging:LogLevel:Microsoft.EntityFrameworkCore"] = nameof(LogLevel.Warning),
        ["Logging:LogLevel:Microsoft.Extensions.Diagnostics.HealthChecks"] = nameof(LogLevel.Critical),
        ["Logging:LogLevel:Npgsql"] = nameof(LogLevel.Warning),
        ["Logging:LogLevel:Polly"] = nameof(LogLevel.Warning),
        // Two lines for each wrong token, whose number a stranger chooses; they are counted and logged elsewhere.
        [$"Logging:LogLevel:{typeof(TokenHandler).FullName}"] = nameof(LogLevel.Warning),
        ["Logging:LogLevel:System.Net.Http"] = nameof(LogLevel.Warning),
    };

    /// <summary>Whether traces go anywhere.</summary>
    /// <param name="configuration">The service's.</param>
    /// <returns>True where a collector's address is configured.</returns>
    public static bool NamesCollector(this IConfiguration configuration) =>
        !string.IsNullOrWhiteSpace(configuration[CollectorVariable]);

    internal static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = LogLevels });
        if (!builder.Configuration.NamesCollector())
        {
            // Nobody would see it. Trace ids do not need it: ASP.NET Core makes them by itself.
            return;
        }

        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });
        builder
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
                    .SetSampler(new ParentBasedSampler(new ForegroundSampler()))
                    .AddSource(OwnSources, "Npgsql")
                    .AddAspNetCoreInstrumentation(options => options.Filter = IsNotProbe)
                    .AddHttpClientInstrumentation(options => options.EnrichWithHttpRequestMessage = NameCall)
            )
            .UseOtlpExporter();
    }

    /// <summary>By the first part of the path: "GET" alone tells nobody what is asked.</summary>
    private static void NameCall(Activity call, HttpRequestMessage request) =>
        call.DisplayName = $"{request.Method} /{request.RequestUri?.AbsolutePath.Split('/', 3)[1]}";

    /// <summary>Health probes come many times a second and would drown the traces of real requests.</summary>
    private static bool IsNotProbe(HttpContext context) =>
        !context.Request.Path.StartsWithSegments(HealthDefaults.AlivePath, StringComparison.Ordinal)
        && !context.Request.Path.StartsWithSegments(HealthDefaults.ReadyPath, StringComparison.Ordinal);
}
