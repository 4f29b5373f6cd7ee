using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace Workshop.ServiceDefaults.Errors;

/// <summary>The request that a problem belongs to.</summary>
/// <param name="Instance">Its path.</param>
/// <param name="TraceId">Its W3C trace id.</param>
public readonly record struct ProblemOrigin(string Instance, string TraceId)
{
    /// <summary>Reads it off a request.</summary>
    /// <param name="context">The request.</param>
    /// <returns>Its path and trace.</returns>
    public static ProblemOrigin Of(HttpContext context) =>
        new(
            context.Request.PathBase.Add(context.Request.Path).ToUriComponent(),
            Activity.Current?.TraceId.ToHexString() ?? context.TraceIdentifier
        );
}

/// <summary>
/// Completes and writes problem documents: type, title, status, detail, instance and traceId are always there.
/// </summary>
/// <param name="json">How JSON is written here.</param>
public sealed class ProblemFormat(IOptions<JsonOptions> json)
{
    /// <summary>The routes of the Open Inference Protocol v2, whose errors carry a member <c>error</c>.</summary>
    private const string ProtocolPath = "/v2";

    /// <summary>Fills in what was left out.</summary>
    /// <param name="problem">With its status.</param>
    /// <param name="origin">The request.</param>
    /// <returns>The document as UTF-8.</returns>
    public byte[] Write(ProblemDetails problem, ProblemOrigin origin)
    {
        var status = problem.Status ?? StatusCodes.Status500InternalServerError;
        // Whatever the framework put there: no problem here means more than its status does.
        problem.Type = Problems.PlainType;
        problem.Title ??= Problems.Title(status);
        problem.Detail ??= Problems.Detail(status);
        problem.Instance ??= origin.Instance;
        problem.Extensions["traceId"] = origin.TraceId;
        if (new PathString(origin.Instance).StartsWithSegments(ProtocolPath, StringComparison.Ordinal))
        {
            problem.Extensions["error"] = problem.Detail;
        }

        var type = json.Value.SerializerOptions.GetTypeInfo(problem.GetType());
        return JsonSerializer.SerializeToUtf8Bytes(problem, type);
    }
}
