using System.Collections.Frozen;
using System.Text.Json;
using Predictors.Data;

namespace Predictors.Predict;

/// <summary>Reads rows out of the tensors of an inference request.</summary>
public static class TensorRows
{
    /// <summary>Most rows in one request.</summary>
    public const int MaxRows = 1000;

    /// <summary>More errors than this are not listed: one wrong tensor may hold a thousand.</summary>
    private const int MaxErrors = 20;

    private const string Bytes = "BYTES";

    private const string Bool = "BOOL";

    private const string Fp64 = "FP64";

    private static readonly FrozenSet<string> NumberTypes = FrozenSet.Create(
        StringComparer.Ordinal,
        Fp64,
        "FP32",
        "INT64",
        "INT32",
        "INT16",
        "INT8",
        "UINT64",
        "UINT32",
        "UINT16",
        "UINT8"
    );

    /// <summary>The datatype that a column's metadata names.</summary>
    public static string DatatypeOf(Column column) =>
        column.Type switch
        {
            ColumnType.Category => Bytes,
            ColumnType.Flag => Bool,
            _ => Fp64,
        };

    /// <summary>Reads all rows.</summary>
    /// <param name="network">Whose columns.</param>
    /// <param name="inputs">The tensors, in any order.</param>
    /// <param name="rows">The rows; empty when there are errors.</param>
    /// <returns>Per member of the request what is wrong with it; null when nothing is.</returns>
    public static IDictionary<string, string[]>? Read(
        Network network,
        IReadOnlyList<InferTensor> inputs,
        out double[][] rows
    )
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        var count = inputs.Count > 0 && inputs[0].Shape.Count > 0 ? inputs[0].Shape[0] : 0;
        if (count is < 1 or > MaxRows)
        {
            errors["inputs[0].shape"] = [$"Must be [n] with n rows, 1 to {MaxRows}."];
            rows = [];
            return errors;
        }

        double[][] read = [.. Enumerable.Range(0, (int)count).Select(_ => new double[network.Columns.Length])];
        var seen = new HashSet<int>();
        for (var index = 0; index < inputs.Count && errors.Count < MaxErrors; index++)
        {
            var column = network.IndexOf(inputs[index].Name);
            if (column < 0 || !seen.Add(column))
            {
                errors[$"inputs[{index}].name"] =
                [
                    column < 0 ? $"{network.Name} has no such column." : "Must be given once.",
                ];
                continue;
            }

            ReadTensor(network.Columns[column], inputs[index], $"inputs[{index}]", read, column, errors);
        }

        foreach (var missing in network.Columns.Where((_, column) => !seen.Contains(column)).Take(MaxErrors))
        {
            errors[$"inputs.{missing.Name}"] = [$"Is missing. {missing.Domain()}"];
        }

        rows = errors.Count > 0 ? [] : read;
        return errors.Count > 0 ? errors : null;
    }

    private static void ReadTensor(
        Column column,
        InferTensor tensor,
        string path,
        double[][] rows,
        int index,
        Dictionary<string, string[]> errors
    )
    {
        if (tensor.Shape is not ([_] or [_, 1]) || tensor.Shape[0] != rows.Length)
        {
            errors[$"{path}.shape"] = [$"Must be [{rows.Length}], as that of the first tensor."];
        }

        if (!Fits(column, tensor.Datatype))
        {
            errors[$"{path}.datatype"] = [$"Must be {DatatypeOf(column)} for {column.Name}."];
        }

        if (tensor.Data.ValueKind is not JsonValueKind.Array || tensor.Data.GetArrayLength() != rows.Length)
        {
            errors[$"{path}.data"] = [$"Must be an array of {rows.Length} values."];
            return;
        }

        var isNested = tensor.Shape.Count == 2;
        var row = 0;
        foreach (var element in tensor.Data.EnumerateArray())
        {
            if (errors.Count >= MaxErrors)
            {
                return;
            }

            if (ReadElement(column, isNested ? Unnested(element) : element, out rows[row][index]) is { } error)
            {
                errors[$"{path}.data[{row}]"] = [error];
            }

            row++;
        }
    }

    /// <summary>The value of a row of one column, which the protocol lets a client write with brackets or without.</summary>
    private static JsonElement Unnested(JsonElement element) =>
        element.ValueKind is JsonValueKind.Array && element.GetArrayLength() == 1 ? element[0] : element;

    private static bool Fits(Column column, string datatype) =>
        column.HasLevels
            ? datatype is Bytes || (datatype is Bool && column.Type is ColumnType.Flag)
            : NumberTypes.Contains(datatype);

    private static string? ReadElement(Column column, JsonElement element, out double value)
    {
        value = double.NaN;
        switch (element.ValueKind)
        {
            case JsonValueKind.Null:
                return column.ReadMissing(out value);
            case JsonValueKind.String when column.HasLevels:
                return column.Read(element.GetString(), out value);
            case JsonValueKind.True or JsonValueKind.False when column.Type is ColumnType.Flag:
                value = element.ValueKind is JsonValueKind.True ? 1 : 0;
                return null;
            case JsonValueKind.Number when !column.HasLevels && element.TryGetDouble(out value):
                return column.Check(value);
            default:
                return column.Domain();
        }
    }
}
