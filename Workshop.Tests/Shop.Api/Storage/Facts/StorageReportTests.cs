using Shop.Api.Storage;
using Shop.Api.Storage.Facts;
using Shop.Api.Storage.Pair;
using Xunit;

namespace Workshop.Tests.Shop.Api.Storage.Facts;

/// <summary>What a failover lost is the conductor's word, as it gathered it from all servers of the shop.</summary>
public sealed class StorageReportTests
{
    private static readonly Guid Lost = Guid.Parse("01a20841-4842-7142-b2c4-8c18cca672db");

    [Fact]
    public void The_list_of_lost_orders_is_whole_or_says_whose_receipts_it_lacks()
    {
        var failover = new ConductorFailover(
            2,
            DateTimeOffset.UnixEpoch,
            "postgres-1",
            "postgres-2",
            1,
            2,
            3,
            4,
            10,
            0,
            0,
            [Lost],
            ComparedReceipts: 7,
            LostBytes: 100,
            LostMilliseconds: 20,
            ["shop-api-2"]
        );

        var facts = StorageReport.Compose(
            Options,
            PairRoles.Unknown,
            [],
            new(2, "postgres-2", "postgres-1", Armed: true, "", 0, 0, failover)
        );

        var rpo = facts.LastFailover!.Rpo;
        Assert.Equal([Lost], rpo.LostOrders);
        Assert.Equal((7, 100, 20), (rpo.ComparedReceipts, rpo.LostBytes, rpo.LostMilliseconds));
        Assert.Equal(["shop-api-2"], rpo.NotAsked, StringComparer.Ordinal);
        Assert.Equal(10, facts.LastFailover.Rto.TotalMilliseconds);
    }

    [Fact]
    public void Without_the_conductors_word_nothing_is_promised()
    {
        var facts = StorageReport.Compose(Options, PairRoles.Unknown, [], word: null);

        Assert.False(facts.InSync);
        Assert.Equal("the conductor does not answer", facts.NotInSyncBecause);
        Assert.Null(facts.LastFailover);
    }

    private static StorageOptions Options =>
        new()
        {
            Mode = StorageMode.Asynchronous,
            Policy = "available",
            ConnectionString = "Host=localhost",
            Instance = "shop-api-1",
        };
}
