using Shop.Web.Api;
using Shop.Web.Storefront;

namespace Shop.Web.Redundancy.Buyers;

/// <summary>Buys one piece and does not give up before somebody has said yes or no, or its patience ends.</summary>
/// <param name="shop">The shop, through the same client as the pages.</param>
/// <param name="trail">Notes who answered; the buyer's own.</param>
/// <param name="time">Measures.</param>
public sealed class Buyer(ShopClient shop, Trail trail, TimeProvider time)
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
        using var trace = RunTracing.Start("purchase of a run");
        var began = time.GetTimestamp();
        var (outcome, order, reason) = (Outcome.Unknown, (Guid?)null, (string?)"The run was ended.");
        var isRepeated = false;
        while (!ct.IsCancellationRequested && time.GetElapsedTime(began) < Patience)
        {
            // The same key each time: whichever server hears it, it is the same order.
            var answer = await shop.PlaceOrder(user, product, quantity: 1, key, CancellationToken.None);
            if (answer.Value is { } placed)
            {
                (outcome, order, reason) = (Outcome.Acknowledged, placed.Id, null);
                break;
            }

            reason = answer.Problem?.Sentence ?? "The shop sent no order back.";
            if (answer.Problem is { IsTransient: false, RetryAfter: null })
            {
                outcome = Outcome.Refused;
                break;
            }

            isRepeated = true;
            await Task.Delay(Pause, time, CancellationToken.None);
        }

        return new(
            key,
            user,
            time.GetElapsedTime(start, began).TotalMilliseconds,
            time.GetElapsedTime(began).TotalMilliseconds,
            outcome,
            order,
            reason,
            isRepeated || trail.Rerouted > TimeSpan.Zero,
            trail.LastServer,
            trace is null ? null : Trail.TraceId
        );
    }
}
