using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Workshop.ServiceDefaults.Errors;

/// <summary>
/// 415 for a write whose body is not said to be JSON in UTF-8, before anything is bound. What is left is JSON without a
/// charset, which every reader takes: the framework's own throws for a charset in quotes, and for one that it does not
/// know. Forms, which carry an antiforgery token, are read elsewhere.
/// </summary>
internal static class ContentTypes
{
    internal static void UseContentTypes(this WebApplication app) =>
        app.Use(
            (context, next) =>
            {
                if (!IsWrite(context.Request.Method) || !ReadsJson(context.GetEndpoint()) || IsJson(context))
                {
                    return next(context);
                }

                context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
                return Task.CompletedTask;
            }
        );

    private static bool IsWrite(string method) =>
        HttpMethods.IsPost(method)
        || HttpMethods.IsPut(method)
        || HttpMethods.IsPatch(method)
        || HttpMethods.IsDelete(method);

    /// <summary>An address that leads nowhere, or does not take the method, has its own answer: 404 or 405.</summary>
    private static bool ReadsJson(Endpoint? endpoint) =>
        endpoint is RouteEndpoint
        && endpoint.Metadata.GetMetadata<IAntiforgeryMetadata>() is not { RequiresValidation: true };

    /// <summary>Without a body there is nothing to name; with one it must be named.</summary>
    private static bool IsJson(HttpContext context)
    {
        var request = context.Request;
        if (request.Headers.ContentType.Count == 0)
        {
            return context.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true };
        }

        if (
            !MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !type.Type.Equals("application", StringComparison.OrdinalIgnoreCase)
            || !(
                type.SubType.Equals("json", StringComparison.OrdinalIgnoreCase)
                || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase)
            )
            || !IsUtf8(type)
        )
        {
            return false;
        }

        request.ContentType = type.MediaType.Value;
        return true;
    }

    private static bool IsUtf8(MediaTypeHeaderValue type) =>
        !type.Parameters.Any(parameter => parameter.Name.Equals("charset", StringComparison.OrdinalIgnoreCase))
        || type.Charset.ToString().Trim('"', '\'').ToUpperInvariant() is "UTF-8" or "UTF8";
}
