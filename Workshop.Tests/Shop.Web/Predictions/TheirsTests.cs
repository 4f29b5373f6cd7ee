using Shop.Web.Predictions;
using Xunit;

namespace Workshop.Tests.Shop.Web.Predictions;

/// <summary>What a stranger wrote, before it is on a page.</summary>
public sealed class TheirsTests
{
    [Theory]
    [InlineData("short", "short")]
    [InlineData("exactly ten", "exactly te…")]
    [InlineData("two\nlines\u0007", "two lines…")]
    [InlineData("a\u202Egnp", "agnp")]
    [InlineData(
        "e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301",
        "e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301e\u0301"
    )]
    [InlineData(null, "")]
    public void It_is_one_line_cut_where_readers_count_letters_and_turns_nothing_around(string? text, string shown) =>
        Assert.Equal(shown, Theirs.Cut(text, text?.StartsWith("two", StringComparison.Ordinal) is true ? 9 : 10));

    [Theory]
    [InlineData("predictor-bayes", "predictor-bayes")]
    [InlineData("predictor-bayes2", "predictor-bayes2 (theirs)")]
    [InlineData("sleeper", "sleeper")]
    [InlineData("Mine\u202Etxt", "Minetxt (theirs)")]
    [InlineData("a name that is longer than a line", "a name that is longer th… (theirs)")]
    public void A_name_that_the_host_did_not_give_is_marked_as_theirs(string name, string shown) =>
        Assert.Equal(shown, Strangers.Words(name));
}
