using Shop.Api.Storage.Receipts;
using Xunit;

namespace Workshop.Tests.ShopApi.Storage.Receipts;

public sealed class ExaminationTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Receipt[] receipts =
    [
        Of(1, "0/100", 0),
        Of(1, "0/200", 10),
        Of(1, "0/300", 20),
        Of(1, "0/380", 35),
        Of(2, "0/280", 500),
    ];

    [Fact]
    public void What_the_new_primary_lacks_is_lost_and_how_much_that_is_is_measured()
    {
        var candidates = Examination.Candidates(receipts, null, 2);
        var found = new HashSet<Guid> { receipts[0].OrderId, receipts[1].OrderId };

        var result = Examination.Compare(candidates, found, 2, Start);

        Assert.Equal([receipts[2].OrderId, receipts[3].OrderId], result.Lost);
        Assert.Equal(4, result.Compared);
        Assert.Equal(15, result.LostMilliseconds);
        Assert.Equal(0x380 - 0x200, result.LostBytes);
    }

    [Fact]
    public void What_is_written_on_the_new_timeline_was_not_at_stake() =>
        Assert.DoesNotContain(receipts[4], Examination.Candidates(receipts, null, 2));

    [Fact]
    public void A_loss_that_was_told_is_not_told_again_at_the_next_failover()
    {
        var told = Examination.Compare(Examination.Candidates(receipts, null, 2), new HashSet<Guid>(), 2, Start);

        Assert.Equal([receipts[4]], Examination.Candidates(receipts, told, 3));
    }

    [Fact]
    public void Nothing_lost_measures_as_nothing()
    {
        var all = receipts.Select(receipt => receipt.OrderId).ToHashSet();

        var result = Examination.Compare(Examination.Candidates(receipts, null, 2), all, 2, Start);

        Assert.Empty(result.Lost);
        Assert.Equal((0, 0L), (result.LostMilliseconds, result.LostBytes));
    }

    private static Receipt Of(uint timeline, string position, int milliseconds) =>
        new(null, Guid.CreateVersion7(), timeline, position, Start.AddMilliseconds(milliseconds));
}
