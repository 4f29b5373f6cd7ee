using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Workshop.ServiceDefaults.Errors;

namespace Workshop.ServiceDefaults.Bodies;

/// <summary>
/// A request takes a place in a queue only when its body is here: a sender that drips would otherwise hold a place that an
/// honest one waits for. The body stays where the server keeps it, and is bounded by the route's own limit.
/// </summary>
public static class WholeBodies
{
    /// <summary>How long a body may take, from its first byte to its last.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Reads bodies before what follows is asked. After authentication, so that a stranger is refused without being
    /// listened to; before rate limits and queues.
    /// </summary>
    /// <param name="app">The application, after its defaults.</param>
    public static void UseWholeBodies(this WebApplication app)
    {
        var time = app.Services.GetService(typeof(TimeProvider)) as TimeProvider ?? TimeProvider.System;
        app.Use((context, next) => Await(context, next, time));
    }

    /// <summary>Goes on when the whole body is here; answers 408 where it does not come.</summary>
    /// <param name="context">The request.</param>
    /// <param name="next">What follows.</param>
    /// <param name="time">Measures how long the body takes.</param>
    /// <exception cref="BadHttpRequestException">The body is larger than the route takes, or broken.</exception>
    public static async Task Await(HttpContext context, RequestDelegate next, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        if (HasBody(context) && !await IsWhole(context, time))
        {
            // What still comes of it is not waited for.
            context.Response.Headers.Connection = "close";
            await Problems
                .Of(StatusCodes.Status408RequestTimeout, $"The body did not come within {Limit.TotalSeconds:0} s.")
                .ExecuteAsync(context);
            return;
        }

        await next(context);
    }

    private static bool HasBody(HttpContext context) =>
        context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true }
        && !context.Request.HasFormContentType;

    /// <summary>Looks at the whole body without taking anything of it: the route reads it from where it is.</summary>
    private static async Task<bool> IsWhole(HttpContext context, TimeProvider time)
    {
        var body = context.Request.BodyReader;
        // Most bodies are here with their headers: they cost no timer.
        if (body.TryRead(out var first))
        {
            body.AdvanceTo(first.Buffer.Start, first.Buffer.End);
            if (first.IsCompleted)
            {
                return true;
            }
        }

        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, context.RequestAborted);
        try
        {
            while (true)
            {
                var read = await body.ReadAsync(either.Token);
                body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                if (read.IsCompleted)
                {
                    return true;
                }
            }
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            return false;
        }
    }
}
