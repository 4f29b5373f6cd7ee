using Shop.Api.Storage;
using Shop.Api.Storage.Facts;
using Shop.Api.Storage.Pair;
using Xunit;

namespace Workshop.Tests.Shop.Api.Storage.Facts;

/// <summary>A list of lost orders is whole, or says whose receipts it lacks.</summary>
public sealed class StorageReportTests
{
    private static readonly Guid Lost = Guid.Parse("01a20841-4842-7142-b2c4-8c18cca672db");

    [Fact]
    public void Until_a_server_met_the_primarys_timeline_its_older_list_is_not_that_of_the_last_failover()
    {
        var rpo = Rpo(primaryTimeline: 3, [Share("shop-api-1", 2), Share("shop-api-2", 2)], silent: []);

        Assert.Empty(rpo.LostOrders);
        Assert.Equal(["shop-api-1", "shop-api-2"], rpo.NotAsked, StringComparer.Ordinal);
    }

    [Fact]
    public void Who_met_it_is_in_the_list_and_who_did_not_is_named()
    {
        var rpo = Rpo(primaryTimeline: 3, [Share("shop-api-1", 3), Share("shop-api-2", 2)], silent: ["localhost:9"]);

        Assert.Equal([Lost], rpo.LostOrders);
        Assert.Equal(["localhost:9", "shop-api-2"], rpo.NotAsked, StringComparer.Ordinal);
    }

    [Fact]
    public void Without_a_primary_to_ask_the_newest_examination_counts()
    {
        var rpo = Rpo(primaryTimeline: null, [Share("shop-api-1", 3), Share("shop-api-2", 3)], silent: []);

        Assert.Equal([Lost], rpo.LostOrders);
        Assert.Empty(rpo.NotAsked);
    }

    private static LossShare Share(string instance, uint timeline) =>
        new(instance, new(timeline, DateTimeOffset.UnixEpoch, Compared: 1, [Lost], LostMilliseconds: 0, LostBytes: 0));

    private static RpoFacts Rpo(long? primaryTimeline, LossShare[] shares, string[] silent)
    {
        var options = new StorageOptions
        {
            Mode = StorageMode.Asynchronous,
            Policy = "available",
            ConnectionString = "Host=localhost",
            Instance = "shop-api-1",
        };
        var failover = new ConductorFailover(
            2,
            DateTimeOffset.UnixEpoch,
            "postgres-1",
            "postgres-2",
            1,
            1,
            1,
            1,
            4,
            0,
            0
        );
        var word = new ConductorWord(2, "postgres-2", "postgres-1", Armed: true, "", 0, 0, failover);
        var primary = new ServerFacts(
            "postgres-2",
            "localhost:5434",
            "primary",
            Answers: primaryTimeline is not null,
            IsStandby: false,
            primaryTimeline,
            Position: null,
            Streams: []
        );
        var facts = StorageReport.Compose(
            options,
            PairRoles.Unknown,
            [new(primary, LagBytes: null, LagMilliseconds: null)],
            word,
            shares,
            silent
        );
        return facts.LastFailover!.Rpo;
    }
}
