using CsCheck;
using Shop.Api.Orders;
using Xunit;

namespace Workshop.Tests.Shop.Api.Orders;

public sealed class MoneyTests
{
    private const int Carts = 100_000;

    private static readonly Gen<(int Quantity, long Cents)[]> Cart = Gen.Select(
        Gen.Int[1, 1000],
        Gen.Long[0, 100_000_000]
    ).Array[0, 100];

    [Fact]
    public void Totals_of_a_hundred_thousand_carts_equal_those_of_an_oracle_that_counts_in_whole_cents() =>
        Cart.Sample(
            cart =>
            {
                var lines = cart.Select(line => Money.LineTotal(line.Quantity, new decimal(line.Cents) / 100m));
                var cents = cart.Aggregate(Int128.Zero, (sum, line) => sum + ((Int128)line.Quantity * line.Cents));

                return Money.Total(lines) * 100m == (decimal)cents;
            },
            iter: Carts
        );

    [Fact]
    public void A_total_has_two_fraction_digits_even_when_it_is_nothing()
    {
        Assert.Equal("0.00", Money.Total([]).ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal("0.30", Money.LineTotal(3, 0.10m).ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Items_of_the_same_product_are_added_up_and_nothing_else_changes() =>
        Gen.Select(Gen.Int[0, 9], Gen.Int[1, 1000])
            .Array[1, 100]
            .Sample(pairs =>
            {
                var ids = Enumerable.Range(0, 10).Select(n => new Guid(n, 0, 0, new byte[8])).ToArray();
                var merged = OrderRules.Merge([.. pairs.Select(pair => new OrderItem(ids[pair.Item1], pair.Item2))]);

                return merged.Select(item => item.ProductId).Distinct().Count() == merged.Count
                    && ids.All(id =>
                        merged.Where(item => item.ProductId == id).Sum(item => item.Quantity)
                        == pairs.Where(pair => ids[pair.Item1] == id).Sum(pair => pair.Item2)
                    )
                    && merged
                        .Select(item => item.ProductId)
                        .SequenceEqual(pairs.Select(pair => ids[pair.Item1]).Distinct());
            });
}
