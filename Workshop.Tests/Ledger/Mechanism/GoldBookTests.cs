using CsCheck;
using Workshop.Ledger.Mechanism;
using Xunit;

namespace Workshop.Tests.Ledger.Mechanism;

/// <summary>Every gold row once, in the order in which they were last asked.</summary>
public sealed class GoldBookTests
{
    private static readonly Parameters Few = Parameters.Default with { GoldBookRows = 5 };

    [Fact]
    public void The_book_is_what_a_dumb_twin_keeps_in_a_list() =>
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, 3], Gen.Bool)
            .Array[0, 40]
            .Sample(asks =>
            {
                var book = GoldBook.Empty.For(["ann"]);
                var twin = new List<(string Row, long Asked, bool Lost)>();
                var batch = 0L;
                foreach (var (row, step, lost) in asks)
                {
                    batch += step;
                    book = book.After(Record($"{row}", batch, lost), Few);
                    twin.RemoveAll(entry => string.Equals(entry.Row, $"{row}", StringComparison.Ordinal));
                    twin.Add(($"{row}", batch, lost));
                    twin = [.. twin.TakeLast(Few.GoldBookRows)];
                }

                Assert.Equal(twin, book.Records.Select(entry => (entry.Row, entry.Asked, entry.Marks[0]!.Value.Lost)));
                Assert.Equal(twin.Select(entry => entry.Lost), book.Losses(0, after: -1));
                Assert.Equal(twin.Count(entry => entry.Asked > 10), book.Losses(0, after: 10).Length);
            });

    [Fact]
    public void A_truth_told_late_stands_where_its_row_was_asked_and_never_replaces_a_newer_answer()
    {
        var book = GoldBook
            .Empty.For(["ann"])
            .After(Record("a", 1, lost: false), Few)
            .After(Record("b", 5, lost: true), Few)
            .After(Record("c", 3, lost: false), Few)
            .After(Record("b", 2, lost: false), Few);

        Assert.Equal("a c b", string.Join(' ', book.Records.Select(record => record.Row)));
        Assert.Equal([false, false, true], book.Losses(0, after: -1));
        Assert.Equal([true], book.Losses(0, after: 3));
    }

    [Fact]
    public void Members_that_come_and_go_keep_their_own_marks()
    {
        var book = GoldBook.Empty.For(["ann", "eve"]).After(new("a", 1, [new(true, 0.5, 1), new(false, 0, 1)]), Few);
        var changed = book.For(["bob", "eve"]);

        Assert.Empty(changed.Losses(0, -1));
        Assert.Equal([false], changed.Losses(1, -1));
        Assert.Equal(0.5 / 21, book.Correction(0, Parameters.Default), 12);
        Assert.Equal(0, changed.Correction(0, Parameters.Default));
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    public void Who_says_nothing_when_a_row_is_asked_again_gave_its_answer_when_it_did(bool keeps, int losses)
    {
        var rules = Few with { MarksKeepTheirBatch = keeps };
        var book = GoldBook
            .Empty.For(["ann"])
            .After(Record("a", 1, lost: true), rules)
            .After(new("a", 7, [null]), rules);

        Assert.Equal([true], book.Losses(0, after: 0));
        Assert.Equal(losses, book.Losses(0, after: 3).Length);
    }

    private static GoldRecord Record(string row, long asked, bool lost) => new(row, asked, [new(lost, 0, asked)]);
}
