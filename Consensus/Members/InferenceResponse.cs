using System.Text.Json;
using System.Text.Json.Serialization;

namespace Consensus.Members;

/// <summary>
/// The answer of a member: an inference response of the Open Inference Protocol v2, as far as it is read.
/// </summary>
/// <param name="Outputs">Named tensors.</param>
internal sealed record InferenceResponse(IReadOnlyList<InferenceOutput>? Outputs);

/// <summary>One tensor.</summary>
/// <param name="Name"><c>probabilities</c>, <c>value</c> or another, which is passed over.</param>
/// <param name="Shape">Rows, then columns.</param>
/// <param name="Data">The elements, row by row.</param>
/// <param name="Parameters">The labels of the columns.</param>
internal sealed record InferenceOutput(
    string? Name,
    IReadOnlyList<long>? Shape,
    JsonElement Data,
    InferenceLabels? Parameters
);

/// <summary>Which column belongs to which class.</summary>
/// <param name="Labels">One per column.</param>
internal sealed record InferenceLabels(IReadOnlyList<string>? Labels);

/// <summary>How answers of members are read: members elsewhere may say more than we ask for.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, MaxDepth = 16)]
[JsonSerializable(typeof(InferenceResponse))]
internal sealed partial class InferenceJson : JsonSerializerContext;
