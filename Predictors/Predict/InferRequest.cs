using System.Text.Json;

namespace Predictors.Predict;

/// <summary>The body of <c>POST /v2/models/{model}/infer</c> (Open Inference Protocol v2).</summary>
/// <param name="Inputs">One tensor per column, each with a value per row.</param>
/// <param name="Id">Comes back in the answer; made when not given.</param>
/// <param name="Parameters">Allowed by the protocol; none is known here.</param>
/// <param name="Outputs">Names the outputs wanted; all when not given.</param>
public sealed record InferRequest(
    IReadOnlyList<InferTensor> Inputs,
    string? Id = null,
    JsonElement? Parameters = null,
    IReadOnlyList<InferOutput>? Outputs = null
);

/// <summary>One column of the rows.</summary>
/// <param name="Name">Of the column.</param>
/// <param name="Shape"><c>[n]</c> or <c>[n, 1]</c>, with n rows.</param>
/// <param name="Datatype">FP64, FP32 or an integer type for numbers, BYTES for words, BOOL or BYTES for flags.</param>
/// <param name="Data">n values, those of shape <c>[n, 1]</c> nested or flat; null for a missing one.</param>
/// <param name="Parameters">Allowed by the protocol; none is known here.</param>
public sealed record InferTensor(
    string Name,
    IReadOnlyList<long> Shape,
    string Datatype,
    JsonElement Data,
    JsonElement? Parameters = null
);

/// <summary>One output that is wanted.</summary>
/// <param name="Name"><c>label</c>, <c>probabilities</c> or <c>value</c>.</param>
/// <param name="Parameters">Allowed by the protocol; none is known here.</param>
public sealed record InferOutput(string Name, JsonElement? Parameters = null);
