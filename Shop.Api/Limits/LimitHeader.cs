using System.Globalization;
using Microsoft.Extensions.Options;
using Workshop.ServiceDefaults.Connections;

namespace Shop.Api.Limits;

/// <summary>
/// Tells every client its own limit, in <c>X-RateLimit-Limit</c>. In front of everything that may answer by itself, errors
/// and refusals too, so that no answer lacks it.
/// </summary>
/// <param name="options">The limits.</param>
internal sealed class LimitHeader(IOptions<LimitOptions> options) : IStartupFilter
{
    private const string Name = "X-RateLimit-Limit";

    private readonly string remote = Text(options.Value.RequestsPerSecond);
    private readonly string local = Text(options.Value.LocalRequestsPerSecond);

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) =>
        app =>
        {
            app.Use(
                (context, rest) =>
                {
                    // When the answer starts, because an error starts it anew.
                    context.Response.OnStarting(Tell, context);
                    return rest(context);
                }
            );
            next(app);
        };

    private Task Tell(object state)
    {
        var context = (HttpContext)state;
        context.Response.Headers[Name] = context.IsLocal() ? local : remote;
        return Task.CompletedTask;
    }

    private static string Text(int perSecond) => perSecond.ToString(CultureInfo.InvariantCulture);
}
