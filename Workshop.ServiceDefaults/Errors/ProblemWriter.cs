using Microsoft.AspNetCore.Http;

namespace Workshop.ServiceDefaults.Errors;

/// <summary>
/// Answers with problem documents, whatever the client said it accepts: an error in an unwanted format says more than an
/// empty one.
/// </summary>
internal sealed class ProblemWriter(ProblemFormat format) : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) => true;

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var response = context.HttpContext.Response;
        context.ProblemDetails.Status ??= response.StatusCode;
        response.StatusCode = context.ProblemDetails.Status.Value;
        response.ContentType = Problems.MediaType;
        var body = format.Write(context.ProblemDetails, ProblemOrigin.Of(context.HttpContext));
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, CancellationToken.None);
    }
}
