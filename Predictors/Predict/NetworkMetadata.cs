using Predictors.Data;
using Workshop.Ledger.Networks;
using Workshop.ServiceDefaults.Inference;

namespace Predictors.Predict;

/// <summary>What a model of a network takes and answers.</summary>
internal static class NetworkMetadata
{
    internal static ModelMetadata Of(Network network, string learner) =>
        new(
            network.Name,
            [InferenceRoutes.Version],
            $"workshop_{learner}",
            [.. network.Columns.Select(Input)],
            network.IsClassification
                ? TensorMetadata.OfClasses(network.Labels)
                : [TensorMetadata.Of("value", TensorType.Fp64, new() { Unit = "US dollars" })]
        );

    private static TensorMetadata Input(Column column) =>
        TensorMetadata.Of(
            column.Name,
            TensorRows.DatatypeOf(column),
            new()
            {
                Minimum = column.HasLevels ? null : column.Minimum,
                Maximum = column.HasLevels ? null : column.Maximum,
                Whole = column.HasLevels ? null : column.IsWhole,
                Unit = column.Unit.Length > 0 ? column.Unit : null,
                Levels = column.HasLevels ? column.Levels : null,
                Optional = column.MayBeMissing,
            }
        );
}
