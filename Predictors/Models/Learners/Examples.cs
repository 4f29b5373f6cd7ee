using Microsoft.ML;
using Microsoft.ML.Data;

namespace Predictors.Models.Learners;

/// <summary>A training row as ML.NET reads it.</summary>
internal sealed class Example
{
    /// <summary>The encoded vector.</summary>
    public float[] Features { get; init; } = [];

    /// <summary>The value to learn: a log price, or 1 for the class at hand.</summary>
    public float Value { get; init; }

    /// <summary>Whether the row is of the class at hand.</summary>
    public bool IsPositive { get; init; }

    /// <summary>
    /// The class as ML.NET reads a key from an object: 0 for the first (its own raw keys begin at 1).
    /// </summary>
    public uint Class { get; init; }
}

/// <summary>Training rows as ML.NET wants them.</summary>
internal static class Examples
{
    /// <summary>Seed of every training.</summary>
    internal const int Seed = 42;

    /// <summary>All rows with their value and class; <see cref="Example.IsPositive"/> is left false.</summary>
    internal static IDataView All(MLContext context, TrainingSet data) => Load(context, data, positive: null);

    /// <summary>All rows, one class against the rest.</summary>
    internal static IDataView OneAgainstRest(MLContext context, TrainingSet data, int label) =>
        Load(context, data, label);

    private static IDataView Load(MLContext context, TrainingSet data, int? positive)
    {
        var classCount = Math.Max(1, data.Network.Labels.Length);
        var schema = SchemaDefinition.Create(typeof(Example));
        schema[nameof(Example.Features)].ColumnType = new VectorDataViewType(
            NumberDataViewType.Single,
            data.Vectors[0].Length
        );
        schema[nameof(Example.Class)].ColumnType = new KeyDataViewType(typeof(uint), classCount);
        var examples = data.Vectors.Zip(
            data.Targets,
            (vector, target) =>
                new Example
                {
                    Features = vector,
                    Value = positive is { } label ? (target == label ? 1 : 0) : (float)target,
                    IsPositive = positive is { } one && target == one,
                    Class = data.Network.IsClassification ? (uint)target : 0,
                }
        );
        return context.Data.LoadFromEnumerable(examples.ToArray(), schema);
    }
}
