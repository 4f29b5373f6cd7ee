namespace LaboratoryBench.Chaos;

/// <summary>What a history must not show.</summary>
public enum Rule
{
    /// <summary>An acknowledged order is gone, and nobody admits it.</summary>
    AcknowledgedIsKept,

    /// <summary>A loss is admitted that is none, or that is older than the lag that was shown.</summary>
    AdmissionIsTrue,

    /// <summary>One key made two orders, or an order stands that no call asked for.</summary>
    KeyBuysOnce,

    /// <summary>An order stands that was answered with a no.</summary>
    RefusedIsNotKept,

    /// <summary>An order is stored as something else than was asked for.</summary>
    StoredAsAsked,

    /// <summary>More is sold than there was.</summary>
    NoOversell,

    /// <summary>What is sold and what is left is not what there was.</summary>
    StockIsConserved,

    /// <summary>A user does not see an order that was acknowledged to that user before.</summary>
    ReadYourWrites,

    /// <summary>A user no longer sees an order that was seen before.</summary>
    MonotonicReads,

    /// <summary>Somebody else's order is shown.</summary>
    OwnOrdersOnly,

    /// <summary>A cart, or the order made of it, is not what was put in since the last order.</summary>
    CartIsKept,
}

/// <summary>A broken rule.</summary>
/// <param name="Rule">Which.</param>
/// <param name="Detail">Who, what and when, to find it in the journal.</param>
public sealed record Violation(Rule Rule, string Detail);

/// <summary>Judges a history. Pure, and linear in its length: one pass per group of rules, over hash tables.</summary>
public static class Checker
{
    /// <summary>
    /// Clocks are read before and after calls of other processes; a loss may be this much older than shown.
    /// </summary>
    private static readonly TimeSpan ClockSlack = TimeSpan.FromMilliseconds(250);

    /// <summary>Judges.</summary>
    /// <param name="history">What happened.</param>
    /// <returns>All that is wrong with it; nothing when the shop kept its word.</returns>
    public static IReadOnlyList<Violation> Check(History history)
    {
        var stored = history.Orders.ToDictionary(order => order.Id);
        var lost = history.Losses.SelectMany(loss => loss.Orders).ToHashSet();
        return
        [
            .. Acknowledged(history, stored, lost),
            .. Admitted(history, stored),
            .. Stored(history),
            .. Counted(history),
            .. Read(history, stored, lost),
            .. Carts.Check(history),
        ];
    }

    private static IEnumerable<Violation> Acknowledged(
        History history,
        Dictionary<Guid, StoredOrder> stored,
        HashSet<Guid> lost
    ) =>
        from call in history.Calls
        where call is { Outcome: Outcome.Ok, Order: { } id } && !stored.ContainsKey(id) && !lost.Contains(id)
        select new Violation(Rule.AcknowledgedIsKept, $"order {call.Order} of call {call.Number} is gone");

    /// <summary>
    /// What is listed as lost was acknowledged, is gone, and is no older than the lag shown before the crash.
    /// </summary>
    private static IEnumerable<Violation> Admitted(History history, Dictionary<Guid, StoredOrder> stored)
    {
        if (history.Losses.Count == 0)
        {
            yield break;
        }

        var ended = new Dictionary<Guid, TimeSpan>();
        foreach (var call in history.Calls.Where(call => call is { Outcome: Outcome.Ok, Order: not null }))
        {
            ended.TryAdd(call.Order!.Value, call.Ended);
        }

        foreach (var loss in history.Losses)
        {
            foreach (var id in loss.Orders)
            {
                if (stored.ContainsKey(id))
                {
                    yield return new(Rule.AdmissionIsTrue, $"order {id} is listed as lost and is there");
                }
                else if (ended.TryGetValue(id, out var at) && at < loss.CrashedAt - loss.Lag - ClockSlack)
                {
                    var age = (loss.CrashedAt - at).TotalMilliseconds;
                    yield return new(
                        Rule.AdmissionIsTrue,
                        $"order {id} was lost {age:0} ms old; the lag shown was {loss.Lag.TotalMilliseconds:0} ms"
                    );
                }
            }
        }
    }

    /// <summary>Every order stands for one call, as that call asked for it, and not for one that was refused.</summary>
    private static IEnumerable<Violation> Stored(History history)
    {
        var asked = history.Calls.Where(call => call.IsPurchase).ToDictionary(call => call.Key, StringComparer.Ordinal);
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var order in history.Orders)
        {
            if (order.Key is null || !asked.TryGetValue(order.Key, out var call))
            {
                yield return new(Rule.KeyBuysOnce, $"order {order.Id} belongs to no call (key {order.Key ?? "none"})");
                continue;
            }

            if (!taken.Add(order.Key))
            {
                yield return new(
                    Rule.KeyBuysOnce,
                    $"key {order.Key} made more than one order; {order.Id} is one of them"
                );
            }

            if (call.Outcome == Outcome.Refused)
            {
                yield return new(Rule.RefusedIsNotKept, $"order {order.Id} stands, but call {call.Number} was refused");
            }

            if (call.Order is { } acknowledged && acknowledged != order.Id)
            {
                yield return new(Rule.KeyBuysOnce, $"call {call.Number} was told {acknowledged}; stored is {order.Id}");
            }

            // A cart's order is what its buyer was told, and whether that was in the cart is judged with the carts.
            var expected = call.Kind == CallKind.Buy ? call.Asked : call.Told;
            var isKnown = call.Kind == CallKind.Buy || call.Outcome == Outcome.Ok;
            if (!Same(order.User, call.User) || (isKnown && !Same(order.Lines, expected)))
            {
                yield return new(Rule.StoredAsAsked, $"order {order.Id} is not what call {call.Number} asked for");
            }
        }
    }

    private static IEnumerable<Violation> Counted(History history)
    {
        var sold = new Dictionary<Guid, long>();
        foreach (var line in history.Orders.SelectMany(order => order.Lines))
        {
            sold[line.Product] = sold.GetValueOrDefault(line.Product) + line.Quantity;
        }

        foreach (var (product, stock) in history.Stock)
        {
            var gone = sold.GetValueOrDefault(product);
            if (stock.Left < 0 || gone > stock.Initial)
            {
                yield return new(
                    Rule.NoOversell,
                    $"product {product}: {gone} sold of {stock.Initial}, {stock.Left} left"
                );
            }

            if (gone + stock.Left != stock.Initial)
            {
                yield return new(
                    Rule.StockIsConserved,
                    $"product {product}: {gone} sold and {stock.Left} left of {stock.Initial}"
                );
            }
        }

        foreach (var product in sold.Keys.Where(product => !history.Stock.ContainsKey(product)))
        {
            yield return new(Rule.StockIsConserved, $"product {product} is sold and not in the catalogue");
        }
    }

    /// <summary>
    /// What each user saw, in that user's order. An order that a failover took is excused if its loss is admitted, or if it
    /// was never acknowledged and losing what was not acknowledged is allowed.
    /// </summary>
    private static IEnumerable<Violation> Read(
        History history,
        Dictionary<Guid, StoredOrder> stored,
        HashSet<Guid> lost
    )
    {
        var mayLose = history.Losses.Count > 0;
        var acknowledged = new Dictionary<string, HashSet<Guid>>(StringComparer.Ordinal);
        var seen = new Dictionary<string, HashSet<Guid>>(StringComparer.Ordinal);
        foreach (var call in history.Calls)
        {
            var own = Of(acknowledged, call.User);
            if (call is { Outcome: Outcome.Ok, Order: { } id })
            {
                own.Add(id);
            }
            else if (call is { Kind: CallKind.List, Outcome: Outcome.Ok })
            {
                var now = call.Listed.ToHashSet();
                var before = Of(seen, call.User);
                foreach (var missing in own.Where(order => !now.Contains(order) && !lost.Contains(order)))
                {
                    yield return new(Rule.ReadYourWrites, $"call {call.Number} of {call.User} does not show {missing}");
                }

                foreach (var missing in before.Where(order => !now.Contains(order) && !Excused(order, own)))
                {
                    yield return new(
                        Rule.MonotonicReads,
                        $"call {call.Number} of {call.User} no longer shows {missing}"
                    );
                }

                foreach (
                    var shown in now.Where(order => stored.TryGetValue(order, out var it) && !Same(it.User, call.User))
                )
                {
                    yield return new(Rule.OwnOrdersOnly, $"call {call.Number} of {call.User} shows {shown}");
                }

                seen[call.User] = now;
            }
        }

        bool Excused(Guid order, HashSet<Guid> own) =>
            lost.Contains(order) || (mayLose && !own.Contains(order) && !stored.ContainsKey(order));
    }

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.Ordinal);

    private static bool Same(IReadOnlyList<Line> one, IReadOnlyList<Line> other) =>
        one.Count == other.Count && one.ToHashSet().SetEquals(other);

    private static HashSet<Guid> Of(Dictionary<string, HashSet<Guid>> sets, string user)
    {
        if (!sets.TryGetValue(user, out var set))
        {
            sets.Add(user, set = []);
        }

        return set;
    }
}
