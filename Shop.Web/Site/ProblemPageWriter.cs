using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using Shop.Web.Components;

namespace Shop.Web.Site;

/// <summary>Where a browser asks, a problem is a page; scripts and tools get the document as before.</summary>
internal sealed class ProblemPageWriter : IProblemDetailsWriter
{
    public bool CanWrite(ProblemDetailsContext context) =>
        context.HttpContext.Request.GetTypedHeaders().Accept.Any(AcceptsPages);

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var problem = context.ProblemDetails;
        var status = problem.Status ?? context.HttpContext.Response.StatusCode;
        var page = new RazorComponentResult<ProblemPage>(
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(ProblemPage.Status)] = status,
                [nameof(ProblemPage.Detail)] = problem.Detail,
                [nameof(ProblemPage.TraceId)] = problem.Extensions.TryGetValue("traceId", out var id) ? id : null,
            }
        )
        {
            StatusCode = status,
        };
        // A page that ended as a 404 has set it already, and the renderer adds it without looking.
        context.HttpContext.Response.Headers.Remove("blazor-enhanced-nav");
        await using var scope = context.HttpContext.RequestServices.CreateAsyncScope();
        var before = context.HttpContext.RequestServices;
        // A renderer draws one page in its life, and this request's may have drawn already.
        context.HttpContext.RequestServices = scope.ServiceProvider;
        try
        {
            await page.ExecuteAsync(context.HttpContext);
        }
        finally
        {
            context.HttpContext.RequestServices = before;
        }
    }

    private static bool AcceptsPages(MediaTypeHeaderValue accepted) =>
        accepted.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase);
}
