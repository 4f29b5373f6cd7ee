using System.Globalization;
using Workshop.Ledger.Witnesses;
using Xunit;

namespace Workshop.Tests.Ledger.Witnesses;

public sealed class RecentHashesTests
{
    private static string HashOf(long height) => height.ToString("x64", CultureInfo.InvariantCulture);

    [Fact]
    public void It_knows_the_first_and_the_newest_and_says_so_of_the_others()
    {
        const int Beyond = 10;
        var hashes = new RecentHashes();
        for (var height = 0L; height < RecentHashes.Capacity + Beyond; height++)
        {
            hashes.Add(HashOf(height));
        }

        Assert.Equal(HashOf(0), hashes.At(0));
        Assert.Null(hashes.At(Beyond - 1));
        Assert.Equal(HashOf(Beyond), hashes.At(Beyond));
        Assert.Equal(HashOf(hashes.Count - 1), hashes.At(hashes.Count - 1));
        Assert.Null(hashes.At(hashes.Count));
        Assert.Null(hashes.At(-1));
    }

    [Fact]
    public void A_copy_of_an_earlier_time_knows_no_hash_that_was_overwritten_since()
    {
        const int Beyond = 10;
        var hashes = new RecentHashes();
        for (var height = 0L; height < RecentHashes.Capacity + Beyond; height++)
        {
            hashes.Add(HashOf(height));
        }

        var before = hashes.Until(RecentHashes.Capacity);
        Assert.Null(before.At(Beyond - 1));
        Assert.Equal(HashOf(Beyond), before.At(Beyond));
        Assert.Null(before.At(RecentHashes.Capacity));
        before.Add(HashOf(1));
        Assert.Equal(HashOf(1), before.At(RecentHashes.Capacity));
        Assert.Equal(HashOf(RecentHashes.Capacity), hashes.At(RecentHashes.Capacity));
    }
}
