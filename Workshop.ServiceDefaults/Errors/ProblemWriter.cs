using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace Workshop.ServiceDefaults.Errors;

/// <summary>
/// Writes problem documents, whatever the client said it accepts: an error in an unwanted format says more than an empty
/// one. Fills in what was left out, so that every problem has type, title, status, detail, instance and traceId.
/// </summary>
internal sealed class ProblemWriter(IOptions<JsonOptions> json) : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => true;

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var http = context.HttpContext;
        var problem = context.ProblemDetails;
        var status = problem.Status ?? http.Response.StatusCode;
        problem.Status = status;
        problem.Type ??= Problems.PlainType;
        problem.Title ??= Problems.Title(status);
        problem.Detail ??= Problems.Detail(status);
        problem.Instance ??= http.Request.PathBase.Add(http.Request.Path).ToUriComponent();
        problem.Extensions["traceId"] = Activity.Current?.TraceId.ToHexString() ?? http.TraceIdentifier;
        http.Response.StatusCode = status;
        var type = json.Value.SerializerOptions.GetTypeInfo(problem.GetType());
        await http.Response.WriteAsJsonAsync(problem, type, Problems.MediaType, CancellationToken.None);
    }
}
