using LaboratoryBench.Processes;
using Microsoft.Extensions.Time.Testing;
using NpgsqlTypes;
using Shop.Api.Storage;
using Shop.Api.Storage.Receipts;
using Xunit;

namespace Workshop.Tests.ShopApi.Storage.Receipts;

public sealed class ReceiptBookTests : IDisposable
{
    private readonly string folder = TestFolders.Create("receipts");
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Receipts_outlive_the_process_that_kept_them()
    {
        var first = Guid.CreateVersion7();
        var second = Guid.CreateVersion7();
        using (var book = Open())
        {
            book.Add(new(first, "a key with \"quotes\""), At(1, 100));
        }

        using var again = Open();
        again.Add(new(second, null), At(2, 50));

        Assert.Equal(
            [
                new("a key with \"quotes\"", first, 1, "0/64", time.GetUtcNow()),
                new(null, second, 2, "0/32", time.GetUtcNow()),
            ],
            again.Read()
        );
    }

    [Fact]
    public void A_line_that_was_cut_short_spoils_no_other()
    {
        var kept = Guid.CreateVersion7();
        File.WriteAllText(Path.Combine(folder, "receipts-shop-api-1.jsonl"), """{"key":"k","orderId":"0190""");

        using var book = Open();
        book.Add(new(kept, null), At(1, 100));

        Assert.Equal([kept], book.Read().Select(receipt => receipt.OrderId));
    }

    [Fact]
    public void A_receipt_that_cannot_be_kept_is_a_fact_and_no_failure()
    {
        var impossible = Path.Combine(folder, "file");
        File.WriteAllText(impossible, "not a folder");
        using var book = new ReceiptBook(impossible, "shop-api-1", time);
        Assert.True(book.IsComplete);

        book.Add(new(Guid.CreateVersion7(), null), At(1, 100));

        Assert.False(book.IsComplete);
        Assert.Empty(book.Read());
    }

    [Fact]
    public void A_folder_in_the_place_of_the_receipts_is_set_aside()
    {
        Directory.CreateDirectory(Path.Combine(folder, "receipts-shop-api-1.jsonl"));
        var kept = Guid.CreateVersion7();

        using var book = Open();
        book.Add(new(kept, null), At(1, 100));

        Assert.True(book.IsComplete);
        Assert.Equal([kept], book.Read().Select(receipt => receipt.OrderId));
    }

    [Fact]
    public void Two_files_at_most_are_kept_and_the_newest_receipts_are_in_them()
    {
        using var book = Open();
        var last = Guid.Empty;
        for (var number = 0; number <= 2 * ReceiptBook.MaxPerFile; number++)
        {
            last = Guid.CreateVersion7();
            book.Add(new(last, null), At(1, (ulong)number));
        }

        var kept = book.Read();
        Assert.Equal(2, Directory.GetFiles(folder).Length);
        Assert.InRange(kept.Count, ReceiptBook.MaxPerFile, 2 * ReceiptBook.MaxPerFile);
        Assert.Equal(last, kept[^1].OrderId);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private ReceiptBook Open() => new(folder, "shop-api-1", time);

    private static CommitPosition At(uint timeline, ulong position) =>
        new(timeline, new NpgsqlLogSequenceNumber(position));
}
