using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;

namespace Workshop.ServiceDefaults.Sockets;

/// <summary>
/// Lets routes be answered on the thread that the socket wakes. For answers that take microseconds: handing each from thread
/// to thread, and the spinning of threads that wait for more, cost more than the answers themselves.
/// </summary>
public static class SocketThreads
{
    /// <summary>Read by the runtime when the first socket is opened; it knows no other way to be told.</summary>
    private const string InlineCompletions = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>Asks the runtime and Kestrel for it.</summary>
    /// <param name="builder">The application's builder, before any socket is opened.</param>
    public static void AddSocketThreads(this WebApplicationBuilder builder)
    {
        builder.Services.Configure<SocketTransportOptions>(options => options.UnsafePreferInlineScheduling = true);
        // It holds for the whole process, so only for one that is this service and nothing else.
        if (
            string.Equals(
                Assembly.GetEntryAssembly()?.GetName().Name,
                builder.Environment.ApplicationName,
                StringComparison.Ordinal
            )
        )
        {
            Environment.SetEnvironmentVariable(InlineCompletions, "1");
        }
    }

    /// <summary>
    /// Sends all requests to the thread pool but those whose route is <see cref="AnsweredAtOnce"/>: on a socket's thread others
    /// wait behind them.
    /// </summary>
    /// <param name="app">The application, before its own routes.</param>
    public static void UseSocketThreads(this WebApplication app) =>
        app.Use(
            (context, next) =>
                context.GetEndpoint()?.Metadata.GetMetadata<Quick>() is null
                    ? AnswerInPool(context, next)
                    : next(context)
        );

    /// <summary>Marks a route that never computes for longer than about a millisecond, nor blocks.</summary>
    /// <typeparam name="TBuilder">Of the route.</typeparam>
    /// <param name="route">The route.</param>
    /// <returns>The same route.</returns>
    public static TBuilder AnsweredAtOnce<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new Quick());

    private static async Task AnswerInPool(HttpContext context, RequestDelegate next)
    {
        await Task.Yield();
        await next(context);
    }

    /// <summary>The mark.</summary>
    private sealed class Quick;
}
