using System.Text.Json.Serialization;
using Workshop.Ledger.Networks;
using Workshop.ServiceDefaults.Inference;

namespace Consensus.Networks;

/// <summary>
/// <c>GET /v2/models/{network}</c> of the Open Inference Protocol v2: what a network takes and answers, so that a form can
/// be made without asking a member.
/// </summary>
/// <param name="Name">The network.</param>
/// <param name="Versions">Of the answer's format.</param>
/// <param name="Platform"><c>workshop_consensus</c>.</param>
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

    internal static IResult Answer(Schema schema) => TypedResults.Ok(Of(schema));

    private static ModelMetadata Of(Schema schema) =>
        new(
            schema.Network.Name,
            ["1"],
            "workshop_consensus",
            [.. schema.Columns.Select(Input)],
            schema.Network.IsRegression
                ? [new("value", "FP64", [AnySize])]
                :
                [
                    new("label", "BYTES", [AnySize]),
                    new(
                        "probabilities",
                        "FP64",
                        [AnySize, schema.Network.AnswerLength],
                        new() { Labels = schema.Network.Classes }
                    ),
                ]
        );

    private static TensorMetadata Input(Column column) =>
        new(
            column.Name,
            column.HasLevels ? "BYTES" : "FP64",
            [AnySize],
            new()
            {
                Minimum = column.HasLevels ? null : column.Minimum,
                Maximum = column.HasLevels ? null : column.Maximum,
                Whole = column.HasLevels ? null : column.IsWhole,
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
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] TensorDomain? Parameters = null
);
