using Shop.Web.Storefront;

namespace Shop.Web.Redundancy.Buyers;

/// <summary>Buys one piece and does not give up before somebody has said yes or no, or its patience ends.</summary>
/// <param name="shop">The shop, through the same client as the pages.</param>
/// <param name="time">Measures.</param>
public sealed class Buyer(ShopClient shop, TimeProvider time)
{
    /// <summary>How long a buyer goes on asking.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Buys.</summary>
    /// <param name="user">Who.</param>
    /// <param name="product">What.</param>
    /// <param name="start">Timestamp of the run's start.</param>
    /// <param name="ct">Ends the run.</param>
    /// <returns>The line for the journal.</returns>
    public async Task<Purchase> Buy(string user, Guid product, long start, CancellationToken ct)
    {
        var key = Guid.CreateVersion7().ToString("N");
        var began = time.GetTimestamp();
        var startedAt = time.GetElapsedTime(start, began).TotalMilliseconds;
        var reason = "The run was ended.";
        while (!ct.IsCancellationRequested && time.GetElapsedTime(began) < Patience)
        {
            // The same key each time: whichever server hears it, it is the same order.
            var answer = await shop.PlaceOrder(user, product, quantity: 1, key, CancellationToken.None);
            var took = time.GetElapsedTime(began).TotalMilliseconds;
            if (answer.Value is { } order)
            {
                return new(key, user, startedAt, took, Outcome.Acknowledged, order.Id, Reason: null);
            }

            reason = answer.Problem?.Sentence ?? "The shop sent no order back.";
            if (answer.Problem is { IsTransient: false, RetryAfter: null })
            {
                return new(key, user, startedAt, took, Outcome.Refused, OrderId: null, reason);
            }

            await Task.Delay(Pause, time, CancellationToken.None);
        }

        return new(
            key,
            user,
            startedAt,
            time.GetElapsedTime(began).TotalMilliseconds,
            Outcome.Unknown,
            OrderId: null,
            reason
        );
    }
}
