namespace LaboratoryBench.Chaos;

/// <summary>
/// Judges carts: what is put in adds up, an order takes out exactly what it is made of, and takes it once. Calls of one user
/// never overlap, and each is known before the next, so that one pass with a cart per user decides. From a call on whose
/// outcome is not known nothing is said of its user's cart. Asynchronous replication may lose carts as it may lose
/// orders, and keeps no list of them: there nothing is said.
/// </summary>
internal static class Carts
{
    /// <summary>Judges.</summary>
    /// <param name="history">What happened.</param>
    /// <returns>All that is wrong with the carts.</returns>
    public static IEnumerable<Violation> Check(History history)
    {
        if (history.Losses.Count > 0)
        {
            yield break;
        }

        var carts = new Dictionary<string, Dictionary<Guid, int>>(StringComparer.Ordinal);
        var unclear = new HashSet<string>(StringComparer.Ordinal);
        foreach (var call in history.Calls.Where(call => call.IsAboutCart))
        {
            if (call.Outcome == Outcome.Unknown)
            {
                unclear.Add(call.User);
            }

            if (call.Outcome != Outcome.Ok || unclear.Contains(call.User))
            {
                continue;
            }

            if (!carts.TryGetValue(call.User, out var cart))
            {
                carts.Add(call.User, cart = []);
            }

            if (call.Kind == CallKind.AddToCart)
            {
                var line = call.Asked[0];
                cart[line.Product] = cart.GetValueOrDefault(line.Product) + line.Quantity;
            }

            if (call.Kind == CallKind.EmptyCart)
            {
                cart.Clear();
            }

            if (!IsSame(cart, call.Told))
            {
                yield return new(
                    Rule.CartIsKept,
                    $"{call.Kind}, call {call.Number} of {call.User}: {Text(call.Told)}; put in was {Text(Lines(cart))}"
                );
            }

            if (call.Kind == CallKind.CheckOut)
            {
                cart.Clear();
            }
        }
    }

    private static bool IsSame(Dictionary<Guid, int> cart, IReadOnlyList<Line> told) =>
        told.Count == cart.Count && told.All(line => cart.GetValueOrDefault(line.Product) == line.Quantity);

    private static IEnumerable<Line> Lines(Dictionary<Guid, int> cart) =>
        cart.Select(entry => new Line(entry.Key, entry.Value));

    private static string Text(IEnumerable<Line> lines) =>
        string.Join(", ", lines.Select(line => $"{line.Quantity} of {line.Product}").DefaultIfEmpty("nothing"));
}
