using Workshop.ServiceDefaults.Inference;
using Xunit;

namespace Workshop.Tests.ServiceDefaults.Inference;

/// <summary>An answer holds every output that is named, so a small request must not name one a thousand times.</summary>
public sealed class WantedOutputsTests
{
    private static readonly string[] Known = ["label", "probabilities"];

    [Theory]
    [InlineData("", "")]
    [InlineData("probabilities label", "")]
    [InlineData("label label", "outputs[1].name")]
    [InlineData("label colour label", "outputs[1].name outputs[2].name")]
    public void Each_is_known_and_named_once(string wanted, string wrong)
    {
        Assert.Equal(wrong.Split(' ', StringSplitOptions.RemoveEmptyEntries), Check(wanted), StringComparer.Ordinal);
    }

    [Fact]
    public void Not_all_errors_of_a_long_list_are_told() =>
        Assert.Equal(InferRequest.MaximumErrors, Check(string.Join(' ', Enumerable.Repeat("label", 75_000))).Length);

    private static string[] Check(string wanted)
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        InferOutput[] outputs =
        [
            .. wanted.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => new InferOutput(name)),
        ];
        InferRequest.CheckOutputs(outputs, Known, errors);
        return [.. errors.Keys];
    }
}
