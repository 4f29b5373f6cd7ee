using Microsoft.AspNetCore.Http.HttpResults;
using Shop.Web.Api;

namespace Shop.Web.Site;

/// <summary>
/// Ends a form's request: leaves a word, and sends the browser on, so that going back or reloading never sends the form
/// again. How long the reader waited for a failover goes along.
/// </summary>
/// <param name="notices">Carries the word.</param>
/// <param name="trail">Knows the wait.</param>
/// <param name="accessor">The request.</param>
public sealed class Courier(Notices notices, Trail trail, IHttpContextAccessor accessor)
{
    /// <summary>It worked.</summary>
    /// <param name="address">The page to show.</param>
    /// <param name="text">The word; null for none.</param>
    /// <returns>The redirect.</returns>
    public RedirectHttpResult Send(string address, string? text = null) => Refuse(address, new(text));

    /// <summary>It did not work, or there is more to say than that it did.</summary>
    /// <param name="address">The page to show.</param>
    /// <param name="notice">What to say there.</param>
    /// <returns>The redirect.</returns>
    public RedirectHttpResult Refuse(string address, Notice notice)
    {
        var rerouted = (int)trail.Rerouted.TotalMilliseconds;
        if (notice.Text is not null || rerouted > 0)
        {
            notices.Leave(accessor.HttpContext!, notice with { ReroutedMilliseconds = rerouted });
        }

        return Back.To(address);
    }
}
