using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Logging;

namespace Workshop.ServiceDefaults.Errors;

/// <summary>The one place where an exception becomes a problem document. Nothing of its inside is shown.</summary>
internal sealed class ExceptionMapping(IProblemDetailsService problems, ILogger<ExceptionMapping> logger)
    : IExceptionHandler
{
    /// <summary>The client went away before the answer was ready; nobody reads this status but the logs.</summary>
    private const int ClientClosedRequest = 499;

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken ct)
    {
        var problem = Map(exception, httpContext.RequestAborted.IsCancellationRequested);
        if (problem.Status == StatusCodes.Status500InternalServerError)
        {
            LogMessages.Unhandled(logger, exception, httpContext.Request.Method, httpContext.Request.Path);
        }

        if (exception is ServiceUnavailableException unavailable)
        {
            httpContext.Response.ComeAgainAfter(unavailable.RetryAfter);
        }

        httpContext.Response.StatusCode = problem.Status ?? StatusCodes.Status500InternalServerError;
        return await problems.TryWriteAsync(new() { HttpContext = httpContext, ProblemDetails = problem });
    }

    /// <summary>Decides the status and words for <paramref name="exception"/>.</summary>
    /// <remarks>
    /// Each arm names its type: a bare <c>new()</c> would be that of the validation problems, with their title and members.
    /// </remarks>
    internal static ProblemDetails Map(Exception exception, bool clientGone) =>
        exception switch
        {
            InvalidRequestException invalid => Problems.InvalidDetails(invalid.Errors),
            BadHttpRequestException { InnerException: JsonException json } => Problems.InvalidDetails(
                BindingErrors.OfBody(json)
            ),
            BadHttpRequestException { StatusCode: StatusCodes.Status400BadRequest } bad => Problems.InvalidDetails(
                BindingErrors.OfParameter(bad)
            ),
            BadHttpRequestException bad => new ProblemDetails { Status = bad.StatusCode },
            ServiceUnavailableException unavailable => new ProblemDetails
            {
                Status = StatusCodes.Status503ServiceUnavailable,
                Detail = unavailable.Message,
            },
            OperationCanceledException when clientGone => new ProblemDetails { Status = ClientClosedRequest },
            _ => new ProblemDetails { Status = StatusCodes.Status500InternalServerError },
        };
}
