using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Workshop.ServiceDefaults.Errors;

namespace Workshop.ServiceDefaults.Origins;

/// <summary>Host filtering and origin checks, the same in every service.</summary>
internal static class OriginDefaults
{
    internal static void AddOrigins(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<OriginOptions>().BindConfiguration(OriginOptions.Section).ValidateOnStart();
        builder.Services.AddCors();
    }

    /// <summary>421 for a name that is not ours, 403 for a write from a page that is not ours.</summary>
    internal static void UseOrigins(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<IOptions<OriginOptions>>().Value;
        app.Use(
            async (context, next) =>
            {
                var refusal =
                    !RequestOrigin.IsKnownHost(context.Request.Host, options)
                        ? Problems.Of(
                            StatusCodes.Status421MisdirectedRequest,
                            "This service does not answer to that name; Workshop__Origins__Hosts__0 adds one."
                        )
                    : !RequestOrigin.MayWrite(context.Request, options)
                        ? Problems.Of(
                            StatusCodes.Status403Forbidden,
                            "A page of another origin may not write here; Workshop__Origins__Allowed__0 names one that may."
                        )
                    : null;
                await (refusal?.ExecuteAsync(context) ?? next(context));
            }
        );
        if (options.Allowed.Count > 0)
        {
            app.UseCors(policy => policy.WithOrigins([.. options.Allowed]).AllowAnyHeader().AllowAnyMethod());
        }
    }
}
