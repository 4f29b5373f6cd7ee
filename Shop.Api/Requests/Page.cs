using System.Globalization;
using System.Runtime.CompilerServices;

namespace Shop.Api.Requests;

/// <summary>A part of a list that is read by key.</summary>
/// <param name="Items">In the order that was asked for.</param>
/// <param name="Total">How many there are in all; null unless a limit was asked for.</param>
/// <param name="Next">Where the next page goes on; null on the last.</param>
internal sealed record Page<T>(IReadOnlyList<T> Items, long? Total, PagePlace? Next);

/// <summary>Lists as answers: one page with its headers, or everything as a stream.</summary>
internal static class Page
{
    /// <summary>Most entries in one page.</summary>
    public const int MaxLimit = 500;

    private const string TotalHeader = "X-Total-Count";

    /// <summary>
    /// Answers with <paramref name="first"/> if a limit was asked for, else with it and all that comes after. The first
    /// page has been read before anything is sent, so an unreachable database is a 503 and not half a list.
    /// </summary>
    /// <param name="first">The first page.</param>
    /// <param name="list">Which list, in which order.</param>
    /// <param name="next">Reads the page after a place.</param>
    /// <param name="id">Tells entries apart.</param>
    /// <param name="context">The request.</param>
    /// <returns>An array, whole or streamed.</returns>
    public static IResult Result<T>(
        Page<T> first,
        string list,
        Func<PagePlace, CancellationToken, Task<Page<T>>> next,
        Func<T, Guid> id,
        HttpContext context
    )
    {
        if (first.Total is { } total)
        {
            context.Response.Headers[TotalHeader] = total.ToString(CultureInfo.InvariantCulture);
            if (first.Next is { } place)
            {
                context.Response.Headers.Link = place.LinkNext(context.Request, list);
            }
        }
        else if (first.Next is not null)
        {
            return TypedResults.Ok(All(first, next, id, context.RequestAborted));
        }

        return TypedResults.Ok(first.Items);
    }

    /// <summary>
    /// Everything, page by page: no list is held in memory, and no connection is held for a client that reads slowly.
    /// What changes meanwhile may show or not. Nothing is shown twice, also where its sort key changes while the list is sent:
    /// the ids of what was sent are remembered, sixteen bytes each.
    /// </summary>
    private static async IAsyncEnumerable<T> All<T>(
        Page<T> first,
        Func<PagePlace, CancellationToken, Task<Page<T>>> next,
        Func<T, Guid> id,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        var sent = new HashSet<Guid>();
        for (var page = first; ; page = await next(page.Next, ct))
        {
            foreach (var item in page.Items.Where(item => sent.Add(id(item))))
            {
                yield return item;
            }

            if (page.Next is null)
            {
                yield break;
            }
        }
    }
}
