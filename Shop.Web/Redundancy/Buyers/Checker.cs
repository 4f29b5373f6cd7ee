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
    /// <returns>The verdict on each kind of buyers, or null when the shop did not answer.</returns>
    public async Task<(Verdict Resilient, Verdict Naive)?> Check(BuyerRun run, LabShelf shelf, CancellationToken ct)
    {
        var (journal, naive) = (run.Journal, run.NaiveJournal);
        var users = UsersOf(journal);
        var naiveUsers = UsersOf(naive);
        (Verdict Resilient, Verdict Naive)? verdicts = null;
        for (var look = 0; look < Looks; look++)
        {
            if (await Orders([.. users, .. naiveUsers], ct) is { } orders)
            {
                var left = await shelf.Left(ct);
                // The shelf is the same for both kinds, so whether it adds up is said once.
                var resilient = Verdict.Of(
                    journal,
                    Of(users),
                    orders.Where(order => order.IsConfirmed).Sum(order => order.Items.Sum(item => item.Quantity)),
                    left is { } pieces ? (shelf.Before, pieces) : null
                );
                verdicts = (resilient, Verdict.Of(naive, Of(naiveUsers), sold: 0, stock: null));
                if (verdicts is { Resilient: { Lost.Count: 0, StockAddsUp: true }, Naive.Lost.Count: 0 })
                {
                    return verdicts;
                }

                List<FoundOrder> Of(HashSet<string> buyers) =>
                    [
                        .. orders
                            .Where(order => buyers.Contains(order.UserId))
                            .Select(order => new FoundOrder(order.Id, order.UserId)),
                    ];
            }

            await Task.Delay(Pause, time, ct);
        }

        return verdicts;
    }

    private static HashSet<string> UsersOf(IReadOnlyList<Purchase> journal) =>
        journal.Select(purchase => purchase.UserId).ToHashSet(StringComparer.Ordinal);

    private async Task<List<Order>?> Orders(IEnumerable<string> users, CancellationToken ct)
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
