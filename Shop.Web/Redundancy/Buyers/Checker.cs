using Shop.Web.Storefront;

namespace Shop.Web.Redundancy.Buyers;

/// <summary>Looks for every order of a run, through the shop's public door, as any customer could.</summary>
/// <param name="shop">The shop.</param>
/// <param name="time">Pauses between looks.</param>
public sealed class Checker(ShopClient shop, TimeProvider time)
{
    private const int PageSize = 500;

    /// <summary>A replica that is read may be behind: what is missing is looked for again, this often.</summary>
    private const int Looks = 10;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>Looks for all orders of the run.</summary>
    /// <param name="run">The run, which has ended.</param>
    /// <param name="shelf">What it bought from.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>The verdict, or null when the shop did not answer.</returns>
    public async Task<Verdict?> Check(BuyerRun run, LabShelf shelf, CancellationToken ct)
    {
        var journal = run.Journal;
        Verdict? verdict = null;
        for (var look = 0; look < Looks; look++)
        {
            if (
                await Orders([.. journal.Select(purchase => purchase.UserId).Distinct(StringComparer.Ordinal)], ct) is
                { } orders
            )
            {
                var left = await shelf.Left(ct);
                verdict = Verdict.Of(
                    journal,
                    [.. orders.Select(order => new FoundOrder(order.Id, order.UserId))],
                    orders.Where(order => order.IsConfirmed).Sum(order => order.Items.Sum(item => item.Quantity)),
                    left is { } pieces ? (shelf.Before, pieces) : null
                );
                if (verdict.Lost.Count == 0 && verdict.StockAddsUp is true)
                {
                    return verdict;
                }
            }

            await Task.Delay(Pause, time, ct);
        }

        return verdict;
    }

    private async Task<List<Order>?> Orders(IReadOnlyList<string> users, CancellationToken ct)
    {
        List<Order> orders = [];
        foreach (var user in users)
        {
            string? after = null;
            do
            {
                var page = await shop.Orders(user, after, PageSize, ct);
                if (page.Value is not { } found)
                {
                    return null;
                }

                orders.AddRange(found);
                after = page.After;
            } while (after is not null);
        }

        return orders;
    }
}
