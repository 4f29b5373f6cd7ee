using System.Text.Json.Serialization;

namespace Workshop.ServiceDefaults.Inference;

/// <summary>
/// What values a tensor of the Open Inference Protocol v2 may hold, in its metadata's <c>parameters</c>: enough to make a
/// form from. What does not apply is left out.
/// </summary>
public sealed record TensorDomain
{
    /// <summary>Least number.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Minimum { get; init; }

    /// <summary>Greatest number.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Maximum { get; init; }

    /// <summary>Whether only whole numbers are allowed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Whole { get; init; }

    /// <summary>Of the numbers, for people.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Unit { get; init; }

    /// <summary>Allowed words.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Levels { get; init; }

    /// <summary>Names of the columns of an output.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>Whether a value may be missing (null; empty in a query).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Optional { get; init; }
}
