using Shop.Web.Predictions;
using Shop.Web.Predictions.Laboratory;
using Xunit;

namespace Workshop.Tests.Shop.Web.Predictions;

/// <summary>What is said after some batches.</summary>
public sealed class RunStoryTests
{
    [Fact]
    public void The_greatest_loss_is_told_with_its_batch_and_its_reason()
    {
        var story = RunStory.Of([
            new(30, [Member("liar", slashed: 20m, right: 6, wrong: 2), Member("honest")]),
            new(
                31,
                [Member("liar", slashed: 316m, right: 2, wrong: 14, events: ["slashed", "ejected"]), Member("honest")]
            ),
        ]);

        Assert.Equal(
            [
                "liar lost €316.00 in batch 31: 14 of 16 rows with a known answer were wrong. In this run it lost €336.00 in all.",
                "liar was ejected in batch 31.",
            ],
            story
        );
    }

    [Fact]
    public void Where_nobody_lost_anything_the_one_that_stands_apart_is_named()
    {
        var apart = RunStory.Of([new(0, [Member("liar", agreed: 0), Member("honest")])]);
        var together = RunStory.Of([new(0, [Member("other", agreed: 30), Member("honest")])]);

        Assert.Equal(["liar disagreed with the others on 32 of 32 rows: its estimate is 0.75 now."], apart);
        Assert.Equal(
            ["Nobody lost money. Least often with the others was other (theirs): on 30 of 32 rows."],
            together
        );
    }

    [Fact]
    public void Without_a_batch_there_is_nothing_to_tell() => Assert.Empty(RunStory.Of([]));

    private static BatchMember Member(
        string name,
        decimal slashed = 0,
        int right = 0,
        int wrong = 0,
        int agreed = 32,
        string[]? events = null
    ) => new(name, 32, agreed, 32, right, wrong, 0.75, 0, Miss: null, 0, slashed, "active", events);
}
