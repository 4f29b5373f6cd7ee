using Predictors.Data;
using Workshop.ServiceDefaults.Inference;

namespace Predictors.Predict;

/// <summary>The answer of <c>GET /v2/models/{model}</c>: enough to make a form from.</summary>
/// <param name="Name">Of the model, which is its network's.</param>
/// <param name="Versions">Of the model.</param>
/// <param name="Platform">What learned it, for example <c>workshop_lightgbm</c>.</param>
/// <param name="Inputs">One tensor per column.</param>
/// <param name="Outputs">What is answered.</param>
internal sealed record ModelMetadata(
    string Name,
    IReadOnlyList<string> Versions,
    string Platform,
    IReadOnlyList<TensorMetadata> Inputs,
    IReadOnlyList<TensorMetadata> Outputs
)
{
    /// <summary>The protocol's word for a size that the request decides.</summary>
    private const int AnySize = -1;

    internal static ModelMetadata Of(Network network, string learner) =>
        new(
            network.Name,
            [Inference.ModelVersion],
            $"workshop_{learner}",
            [.. network.Columns.Select(Input)],
            network.IsClassification
                ?
                [
                    new("label", "BYTES", [AnySize]),
                    new(
                        "probabilities",
                        "FP64",
                        [AnySize, network.Labels.Length],
                        new TensorDomain { Labels = network.Labels }
                    ),
                ]
                : [new("value", "FP64", [AnySize], new TensorDomain { Unit = "US dollars" })]
        );

    private static TensorMetadata Input(Column column) =>
        new(
            column.Name,
            TensorRows.DatatypeOf(column),
            [AnySize],
            new TensorDomain
            {
                Minimum = column.HasLevels ? null : column.Minimum,
                Maximum = column.HasLevels ? null : column.Maximum,
                Whole = column.HasLevels ? null : column.Type is ColumnType.WholeNumber,
                Unit = column.Unit.Length > 0 ? column.Unit : null,
                Levels = column.HasLevels ? column.Levels : null,
                Optional = column.MayBeMissing,
            }
        );
}

/// <summary>One tensor of a model.</summary>
/// <param name="Name">Of the input or output.</param>
/// <param name="Datatype">The protocol's, for example <c>FP64</c>.</param>
/// <param name="Shape">-1 stands for the number of rows.</param>
/// <param name="Parameters">What values are allowed.</param>
internal sealed record TensorMetadata(
    string Name,
    string Datatype,
    IReadOnlyList<int> Shape,
    TensorDomain? Parameters = null
);
