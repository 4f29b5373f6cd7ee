using System.Text.Json;
using Shop.Web.Storefront;
using Xunit;

namespace Workshop.Tests.ShopWeb.Storefront;

/// <summary>What is said of where an order is stored follows from what the shop said, and from nothing else.</summary>
public sealed class StoredCopiesTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    // mode, standby, in sync, lag in ms, age of the order in s: what is known of the second copy
    [InlineData("synchronous", "postgres-2", true, null, 0, "yes")]
    [InlineData("synchronous", "postgres-2", false, null, 3600, "unknown")]
    [InlineData("synchronous", null, false, null, 0, "none")]
    [InlineData("asynchronous", "postgres-2", false, 120.0, 0, "unknown")]
    [InlineData("asynchronous", "postgres-2", false, 120.0, 3, "yes")]
    [InlineData("asynchronous", "postgres-2", false, 60000.0, 30, "unknown")]
    [InlineData("asynchronous", "postgres-2", false, null, 3600, "unknown")]
    [InlineData("asynchronous", null, false, 0.0, 3600, "none")]
    [InlineData("basic", null, false, null, 3600, "none")]
    public void The_second_copy_is_claimed_only_where_it_is_certain(
        string mode,
        string? standby,
        bool inSync,
        double? lag,
        int age,
        string second
    )
    {
        var facts = new StorageFacts(mode, "postgres-1", standby) { InSync = inSync, LagMilliseconds = lag };

        var copies = StoredCopies.Of(facts, Now.AddSeconds(-age), Now);

        Assert.Equal(("postgres-1", true), (copies[0].Server, copies[0].HasIt));
        Assert.Equal(
            second,
            copies.Skip(1).Select(copy => copy.HasIt).SingleOrDefault(null as bool?) switch
            {
                _ when copies.Count == 1 => "none",
                true => "yes",
                false => "no",
                null => "unknown",
            }
        );
    }

    [Theory]
    [InlineData("quorum", "postgres-1 or postgres-3", true)]
    [InlineData("sync", "postgres-3", true)]
    public void Of_a_quorum_it_is_not_said_which_standby_has_the_order(string kind, string second, bool? hasIt)
    {
        var document = $$"""
            {
                "mode": "synchronous", "primary": "postgres-2", "replica": "postgres-3", "inSync": true,
                "servers": [
                    { "role": "standby", "streams": ["postgres-9: streaming, quorum"] },
                    {
                        "role": "primary",
                        "streams": ["postgres-3: streaming, {{kind}}", "postgres-1: streaming, {{kind}}", "postgres-4: catchup, quorum"]
                    }
                ]
            }
            """;

        var copies = StoredCopies.Of(StorageFacts.Of(JsonDocument.Parse(document).RootElement), Now, Now);

        Assert.Equal([("postgres-2", true), (second, hasIt)], copies.Select(copy => (copy.Server, copy.HasIt)));
    }

    [Fact]
    public void Without_a_primary_nothing_is_claimed()
    {
        Assert.Empty(StoredCopies.Of(null, Now, Now));
        Assert.Empty(StoredCopies.Of(new("synchronous", null, "postgres-2") { InSync = true }, Now, Now));
    }

    [Theory]
    [InlineData(-10, "The only other copy is the backup")]
    [InlineData(10, "the last backup")]
    public void A_backup_counts_for_orders_that_are_older(int seconds, string words)
    {
        var facts = new StorageFacts("basic", "postgres-1") { LastBackupAt = Now };

        var copy = Assert.Single(StoredCopies.Of(facts, Now.AddSeconds(seconds), Now.AddMinutes(1)));

        Assert.Contains(words, copy.Words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        """{ "mode": "synchronous", "primary": "postgres-1", "replica": "postgres-2", "inSync": true }""",
        true
    )]
    [InlineData(
        """{ "mode": "synchronous", "primary": { "name": "postgres-1" }, "replica": null, "inSync": "yes" }""",
        false
    )]
    [InlineData(
        """{ "mode": "synchronous", "primary": "postgres-1", "lagMilliseconds": "no", "lastFailover": 3 }""",
        false
    )]
    public void What_the_shop_says_is_read_as_far_as_it_is_known(string document, bool inSync)
    {
        var facts = StorageFacts.Of(JsonDocument.Parse(document).RootElement);

        Assert.Equal("postgres-1", facts.Primary);
        Assert.Equal(inSync, facts.InSync);
        Assert.Null(facts.LagMilliseconds);
        Assert.Empty(facts.Lost);
    }

    [Fact]
    public void Orders_that_a_failover_lost_are_known_by_name()
    {
        var order = Guid.NewGuid();
        var document = $$"""{ "lastFailover": { "rpo": { "lostOrders": ["{{order}}", "nonsense", 3] } } }""";

        Assert.Equal([order], StorageFacts.Of(JsonDocument.Parse(document).RootElement).Lost);
    }
}
