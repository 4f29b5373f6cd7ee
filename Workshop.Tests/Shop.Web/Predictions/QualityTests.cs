using System.Text.Json;
using Shop.Web.Predictions;
using Shop.Web.Predictions.Laboratory;
using Xunit;

namespace Workshop.Tests.Shop.Web.Predictions;

/// <summary>Truth against answer.</summary>
public sealed class QualityTests
{
    private static readonly BatchRow[] Flowers =
    [
        Row("\"a\"", "\"a\"", [0.9, 0.1]),
        Row("\"a\"", "\"b\"", [0.1, 0.9]),
        Row("\"b\"", "\"b\"", [0.05, 0.95]),
        Row(null, "\"b\"", [0.3, 0.7]),
    ];

    [Fact]
    public void Mistakes_stand_beside_the_diagonal_and_unknown_rows_do_not_count()
    {
        var confusion = Quality.ConfusionOf(Flowers, member: null)!;

        Assert.Equal(["a", "b"], confusion.Labels);
        Assert.Equal("1 1; 0 1", string.Join("; ", confusion.Counts.Select(row => string.Join(' ', row))));
        Assert.Equal((2, 3), (confusion.Right, confusion.All));
        Assert.Null(Quality.ConfusionOf(Flowers, "nobody"));
    }

    [Fact]
    public void Sureness_is_compared_with_how_often_it_was_right()
    {
        var bin = Assert.Single(Quality.ReliabilityOf(Flowers));

        Assert.Equal(3, bin.Rows);
        Assert.Equal(2 / 3.0, bin.Right, 1e-9);
        Assert.Equal((0.9 + 0.9 + 0.95) / 3, bin.Sure, 1e-9);
    }

    [Theory]
    [InlineData("100", "119", true)]
    [InlineData("100", "121", false)]
    [InlineData("\"a\"", "\"a\"", true)]
    [InlineData("\"a\"", "1", false)]
    public void A_value_is_right_within_a_fifth(string truth, string answer, bool same) =>
        Assert.Equal(same, Quality.Same(Json(truth), Json(answer)));

    private static BatchRow Row(string? truth, string consensus, double[] probabilities) =>
        new(
            new Dictionary<string, string>(StringComparer.Ordinal),
            Gold: truth is not null,
            truth is null ? null : Json(truth),
            Json(consensus),
            new Dictionary<string, JsonElement?>(StringComparer.Ordinal),
            probabilities
        );

    private static JsonElement Json(string text) => JsonSerializer.Deserialize<JsonElement>(text);
}
