using LaboratoryBench.Chaos;
using Xunit;

namespace Workshop.Tests.Chaos;

/// <summary>What the checker notices of carts.</summary>
public sealed class CartsTests
{
    private static readonly Guid Product = new("00000000-0000-0000-0000-0000000000aa");
    private static readonly Guid Order = new("00000000-0000-0000-0000-0000000000bb");

    [Fact]
    public void A_cart_that_adds_up_and_is_emptied_by_its_order_is_accepted() =>
        Assert.Empty(Check(Add(1, told: 1), Add(2, told: 3), CheckOut(told: 3), Look(told: 0), Add(2, told: 2)));

    [Fact]
    public void An_addition_that_is_forgotten_is_refused() => Refused(Add(1, told: 1), Add(2, told: 2));

    [Fact]
    public void An_addition_that_counts_twice_is_refused() => Refused(Add(1, told: 1), Look(told: 2));

    [Fact]
    public void An_order_of_something_else_than_the_cart_is_refused() => Refused(Add(2, told: 2), CheckOut(told: 1));

    [Fact]
    public void A_cart_that_is_full_again_after_its_order_is_refused() =>
        Refused(Add(1, told: 1), CheckOut(told: 1), Look(told: 1));

    [Fact]
    public void A_refused_checkout_leaves_the_cart_as_it_is()
    {
        var no = CheckOut(told: 0) with { Outcome = Outcome.Refused, Order = null };

        Assert.Empty(Check(Add(1, told: 1), no, Look(told: 1)));
        Refused(Add(1, told: 1), no, Look(told: 0));
    }

    [Fact]
    public void Of_a_cart_with_a_call_that_nobody_knows_the_end_of_nothing_is_said() =>
        Assert.Empty(Check(Add(1, told: 0) with { Outcome = Outcome.Unknown }, Look(told: 1), Look(told: 0)));

    private static void Refused(params Call[] calls) =>
        Assert.Contains(Rule.CartIsKept, Check(calls).Select(violation => violation.Rule));

    private static IReadOnlyList<Violation> Check(params Call[] calls) =>
        [.. Carts.Check(new(calls, [], new Dictionary<Guid, Stock>(), []))];

    private static Call Add(int quantity, int told) =>
        Of(CallKind.AddToCart, told) with
        {
            Asked = [new(Product, quantity)],
        };

    private static Call CheckOut(int told) => Of(CallKind.CheckOut, told) with { Order = Order };

    private static Call Look(int told) => Of(CallKind.LookAtCart, told);

    private static Call Of(CallKind kind, int told)
    {
        IReadOnlyList<Line> lines = told == 0 ? [] : [new(Product, told)];
        return new(1, kind, "ann", "", [], TimeSpan.Zero, TimeSpan.Zero, Outcome.Ok, null, [], lines);
    }
}
