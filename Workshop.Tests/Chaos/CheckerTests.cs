using CsCheck;
using LaboratoryBench.Chaos;
using Xunit;

namespace Workshop.Tests.Chaos;

/// <summary>The checker refuses what it must: a proof is worth what its checker would notice.</summary>
public sealed class CheckerTests
{
    private static readonly Guid Product = new("00000000-0000-0000-0000-0000000000aa");

    /// <summary>Two users; one order each was acknowledged, one was refused, one is unknown and not there.</summary>
    private static History Good
    {
        get
        {
            var (a, b) = (Id(1), Id(2));
            return new(
                [
                    Buy(1, "ann", "k1", Outcome.Ok, a),
                    Buy(2, "bob", "k2", Outcome.Ok, b),
                    List(3, "ann", a),
                    Buy(4, "ann", "k4", Outcome.Refused),
                    Buy(5, "bob", "k5", Outcome.Unknown),
                    List(6, "bob", b),
                    List(7, "ann", a),
                ],
                [Stored(a, "ann", "k1"), Stored(b, "bob", "k2")],
                new Dictionary<Guid, Stock> { [Product] = new(10, 8) },
                []
            );
        }
    }

    [Fact]
    public void A_good_history_is_accepted() => Assert.Empty(Checker.Check(Good));

    [Fact]
    public void An_unknown_purchase_may_have_happened()
    {
        var history = Good with
        {
            Orders = [.. Good.Orders, Stored(Id(5), "bob", "k5")],
            Stock = new Dictionary<Guid, Stock> { [Product] = new(10, 7) },
        };

        Assert.Empty(Checker.Check(history));
    }

    [Fact]
    public void A_lost_acknowledged_order_is_refused() =>
        Refused(
            Rule.AcknowledgedIsKept,
            Good with
            {
                Orders = [Good.Orders[0]],
                Stock = new Dictionary<Guid, Stock> { [Product] = new(10, 9) },
            }
        );

    [Fact]
    public void A_lost_order_that_is_admitted_within_the_lag_is_accepted() =>
        Assert.Empty(Checker.Check(Lossy(lag: 50)));

    [Fact]
    public void A_lost_order_that_is_older_than_the_lag_shown_is_refused() =>
        Refused(Rule.AdmissionIsTrue, Lossy(lag: 50, crashedAt: 5_000));

    [Fact]
    public void An_admitted_loss_of_an_order_that_is_there_is_refused() =>
        Refused(Rule.AdmissionIsTrue, Good with { Losses = [new([Id(2)], TimeSpan.FromSeconds(1), TimeSpan.Zero)] });

    [Fact]
    public void A_second_order_under_one_key_is_refused() =>
        Refused(
            Rule.KeyBuysOnce,
            Good with
            {
                Orders = [.. Good.Orders, Stored(Id(9), "bob", "k2")],
                Stock = new Dictionary<Guid, Stock> { [Product] = new(10, 7) },
            }
        );

    [Theory]
    [InlineData(null)]
    [InlineData("nobody's")]
    public void An_order_that_no_call_asked_for_is_refused(string? key) =>
        Refused(
            Rule.KeyBuysOnce,
            Good with
            {
                Orders = [.. Good.Orders, Stored(Id(9), "bob", key)],
                Stock = new Dictionary<Guid, Stock> { [Product] = new(10, 7) },
            }
        );

    [Fact]
    public void A_key_whose_order_is_another_than_was_told_is_refused() =>
        Refused(
            Rule.KeyBuysOnce,
            Good with
            {
                Orders = [Good.Orders[0], Stored(Id(9), "bob", "k2")],
                Losses = [new([Id(2)], TimeSpan.Zero, TimeSpan.FromHours(1))],
            }
        );

    [Fact]
    public void An_order_that_was_refused_and_stands_is_refused() =>
        Refused(
            Rule.RefusedIsNotKept,
            Good with
            {
                Orders = [.. Good.Orders, Stored(Id(4), "ann", "k4")],
                Stock = new Dictionary<Guid, Stock> { [Product] = new(10, 7) },
            }
        );

    [Fact]
    public void An_order_of_another_quantity_is_refused() =>
        Refused(
            Rule.StoredAsAsked,
            Good with
            {
                Orders = [Good.Orders[0], Good.Orders[1] with { Lines = [new(Product, 2)] }],
                Stock = new Dictionary<Guid, Stock> { [Product] = new(10, 7) },
            }
        );

    [Theory]
    [InlineData(10, -1)]
    [InlineData(1, 0)]
    public void More_sold_than_there_was_is_refused(int initial, int left) =>
        Refused(Rule.NoOversell, Good with { Stock = new Dictionary<Guid, Stock> { [Product] = new(initial, left) } });

    [Theory]
    [InlineData(7)]
    [InlineData(9)]
    public void Stock_that_vanishes_or_appears_is_refused(int left) =>
        Refused(Rule.StockIsConserved, Good with { Stock = new Dictionary<Guid, Stock> { [Product] = new(10, left) } });

    [Fact]
    public void A_user_who_does_not_see_an_own_order_is_refused() =>
        Refused(Rule.ReadYourWrites, Good with { Calls = [.. Good.Calls.Take(6), List(7, "ann")] });

    [Fact]
    public void An_order_that_was_seen_and_vanishes_is_refused()
    {
        // Never acknowledged, so only its having been seen speaks for it.
        var history = Good with
        {
            Calls = [.. Good.Calls, List(8, "bob", Id(2), Id(5)), List(9, "bob", Id(2))],
            Orders = [.. Good.Orders, Stored(Id(5), "bob", "k5")],
            Stock = new Dictionary<Guid, Stock> { [Product] = new(10, 7) },
        };

        Refused(Rule.MonotonicReads, history);
    }

    [Fact]
    public void Somebody_elses_order_in_a_list_is_refused() =>
        Refused(Rule.OwnOrdersOnly, Good with { Calls = [.. Good.Calls, List(8, "bob", Id(2), Id(1))] });

    [Fact]
    public void A_history_of_a_shop_that_keeps_its_word_is_accepted_however_it_runs() =>
        Histories.Sample(history => Checker.Check(history).Count == 0);

    [Fact]
    public void A_history_in_which_any_one_order_is_taken_away_is_refused() =>
        Gen.Select(Histories, Gen.Int[0, 999])
            .Sample(
                (history, pick) =>
                    history.Orders.Count == 0
                    || Checker.Check(Without(history, history.Orders[pick % history.Orders.Count])).Count > 0
            );

    /// <summary>Random calls against a shop of one product that is perfect and sometimes silent.</summary>
    private static readonly Gen<History> Histories = Gen.Select(Gen.Int[0, 3], Gen.Int[1, 4], Gen.Int[0, 9])
        .List[0, 60]
        .Select(steps => Play(steps));

    private static History Play(IReadOnlyList<(int User, int Quantity, int Fate)> steps)
    {
        const int initial = 50;
        var calls = new List<Call>();
        var orders = new List<StoredOrder>();
        foreach (var ((who, quantity, fate), index) in steps.Select((step, index) => (step, index)))
        {
            var (number, user) = (index + 1, $"user-{who}");
            if (fate >= 7)
            {
                calls.Add(
                    List(
                        number,
                        user,
                        [
                            .. orders
                                .Where(order => user.Equals(order.User, StringComparison.Ordinal))
                                .Select(order => order.Id),
                        ]
                    )
                );
                continue;
            }

            var fits = orders.Sum(order => order.Lines[0].Quantity) + quantity <= initial;
            var happens = fits && fate != 0;
            var told =
                fate is 0 or 1 ? Outcome.Unknown
                : fits ? Outcome.Ok
                : Outcome.Refused;
            var call = Buy(number, user, $"k{number}", told, told == Outcome.Ok ? Id(number) : null);
            calls.Add(call with { Asked = [new(Product, quantity)] });
            if (happens)
            {
                orders.Add(Stored(Id(number), user, $"k{number}") with { Lines = [new(Product, quantity)] });
            }
        }

        var left = initial - orders.Sum(order => order.Lines[0].Quantity);
        return new(calls, orders, new Dictionary<Guid, Stock> { [Product] = new(initial, left) }, []);
    }

    private static History Without(History history, StoredOrder order) =>
        history with
        {
            Orders = [.. history.Orders.Where(other => other.Id != order.Id)],
        };

    private static History Lossy(int lag, int crashedAt = 25) =>
        Good with
        {
            Calls = [.. Good.Calls.Take(5), List(6, "bob")],
            Orders = [Good.Orders[0]],
            Stock = new Dictionary<Guid, Stock> { [Product] = new(10, 9) },
            Losses = [new([Id(2)], TimeSpan.FromMilliseconds(crashedAt), TimeSpan.FromMilliseconds(lag))],
        };

    private static void Refused(Rule rule, History history) =>
        Assert.Contains(rule, Checker.Check(history).Select(violation => violation.Rule));

    private static Guid Id(int number) => new(number, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]);

    private static StoredOrder Stored(Guid id, string user, string? key) => new(id, user, key, [new(Product, 1)]);

    private static Call Buy(int number, string user, string key, Outcome outcome, Guid? order = null) =>
        Of(number, CallKind.Buy, user, key, outcome) with
        {
            Asked = [new(Product, 1)],
            Order = order,
        };

    private static Call List(int number, string user, params Guid[] listed) =>
        Of(number, CallKind.List, user, "", Outcome.Ok) with
        {
            Listed = listed,
        };

    private static Call Of(int number, CallKind kind, string user, string key, Outcome outcome) =>
        new(number, kind, user, key, [], At(number), At(number) + At(1) / 2, outcome, null, [], []);

    private static TimeSpan At(int number) => TimeSpan.FromMilliseconds(10 * number);
}
