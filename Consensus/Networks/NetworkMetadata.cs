using Workshop.Ledger.Networks;
using Workshop.ServiceDefaults.Inference;

namespace Consensus.Networks;

/// <summary>What a network takes and answers, so that a form can be made without asking a member.</summary>
internal static class NetworkMetadata
{
    private const string Platform = "workshop_consensus";

    internal static ModelMetadata Of(Schema schema) =>
        new(
            schema.Network.Name,
            [InferenceRoutes.Version],
            Platform,
            [.. schema.Columns.Select(Input)],
            schema.Network.IsRegression
                ? [TensorMetadata.Of("value", TensorType.Fp64)]
                : TensorMetadata.OfClasses(schema.Network.Classes)
        );

    private static TensorMetadata Input(Column column) =>
        TensorMetadata.Of(
            column.Name,
            column.HasLevels ? TensorType.Bytes : TensorType.Fp64,
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
