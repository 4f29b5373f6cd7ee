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
        await page.ExecuteAsync(context.HttpContext);
    }

    private static bool AcceptsPages(MediaTypeHeaderValue accepted) =>
        accepted.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase);
}
