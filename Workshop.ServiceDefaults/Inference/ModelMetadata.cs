using System.Text.Json.Serialization;

namespace Workshop.ServiceDefaults.Inference;

/// <summary>
/// <c>GET /v2/models/{model}</c> of the Open Inference Protocol v2: what a model takes and answers, enough to make a form from.
/// </summary>
/// <param name="Name">Of the model, which is its network's.</param>
/// <param name="Versions">Of the model.</param>
/// <param name="Platform">What answers, for example <c>workshop_lightgbm</c>.</param>
/// <param name="Inputs">One tensor per column.</param>
/// <param name="Outputs">What is answered.</param>
public sealed record ModelMetadata(
    string Name,
    IReadOnlyList<string> Versions,
    string Platform,
    IReadOnlyList<TensorMetadata> Inputs,
    IReadOnlyList<TensorMetadata> Outputs
);

/// <summary>One tensor of a model.</summary>
/// <param name="Name">Of the input or output.</param>
/// <param name="Datatype">The protocol's, for example <c>FP64</c>.</param>
/// <param name="Shape">-1 stands for the number of rows.</param>
/// <param name="Parameters">What values are allowed.</param>
public sealed record TensorMetadata(
    string Name,
    string Datatype,
    IReadOnlyList<int> Shape,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] TensorDomain? Parameters = null
)
{
    /// <summary>The protocol's word for a size that the request decides.</summary>
    public const int AnySize = -1;

    /// <summary>A tensor with one value a row.</summary>
    public static TensorMetadata Of(string name, string datatype, TensorDomain? domain = null) =>
        new(name, datatype, [AnySize], domain);

    /// <summary>The outputs of a model of classes: the label, and a probability for each.</summary>
    public static IReadOnlyList<TensorMetadata> OfClasses(IReadOnlyList<string> labels) =>
        [
            Of("label", TensorType.Bytes),
            new("probabilities", TensorType.Fp64, [AnySize, labels.Count], new() { Labels = labels }),
        ];
}
