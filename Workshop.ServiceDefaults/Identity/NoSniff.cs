using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Workshop.ServiceDefaults.Identity;

/// <summary>Every answer is what it says it is: no browser takes a document for a script.</summary>
internal static class NoSniff
{
    internal static void UseNoSniff(this WebApplication app) =>
        app.Use(
            (context, next) =>
            {
                context.Response.OnStarting(Tell, context.Response);
                return next(context);
            }
        );

    private static Task Tell(object state)
    {
        ((HttpResponse)state).Headers.XContentTypeOptions = "nosniff";
        return Task.CompletedTask;
    }
}
