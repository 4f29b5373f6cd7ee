using Workshop.AppHost.Embedded.Running;
using Xunit;

namespace Workshop.Tests.AppHost.Embedded.Running;

/// <summary>Order and circles, on letters.</summary>
public sealed class StartOrderTests
{
    [Theory]
    [InlineData("a b c", "", "abc")]
    [InlineData("a b c", "a>b b>c", "c|b|a")]
    [InlineData("a b c d", "b>a c>a d>b d>c", "a|bc|d")]
    [InlineData("", "", "")]
    public void Each_starts_after_all_that_it_waits_for(string items, string waits, string expected) =>
        Assert.Equal(expected, string.Join('|', Groups(items, waits).Select(group => string.Concat(group))));

    [Theory]
    [InlineData("a b", "a>b b>a", "a → b → a")]
    [InlineData("a", "a>a", "a → a")]
    [InlineData("x a b c", "a>x a>b b>c c>b", "b → c → b")]
    public void A_circle_is_named(string items, string waits, string expected)
    {
        var error = Assert.Throws<InvalidOperationException>(() => Groups(items, waits));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<IReadOnlyList<string>> Groups(string items, string waits)
    {
        var pairs = Words(waits).ToLookup(pair => pair[..1], pair => pair[2..], StringComparer.Ordinal);
        return StartOrder.Groups(Words(items), item => pairs[item], item => item);
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
