using System.Text.Json;
using Predictors.Data;
using Workshop.Ledger.Networks;
using Workshop.ServiceDefaults.Inference;

namespace Predictors.Predict;

/// <summary>Reads rows out of the tensors of an inference request.</summary>
public static class TensorRows
{
    /// <summary>The datatype that a column's metadata names.</summary>
    public static string DatatypeOf(Column column) =>
        column.Type switch
        {
            ColumnType.Category => TensorType.Bytes,
            ColumnType.Flag => TensorType.Bool,
            _ => TensorType.Fp64,
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
        if (count is < 1 or > InferRequest.MaximumRows)
        {
            errors["inputs[0].shape"] = [$"Must be [n] with n rows, 1 to {InferRequest.MaximumRows}."];
            rows = [];
            return errors;
        }

        double[][] read = [.. Enumerable.Range(0, (int)count).Select(_ => new double[network.Columns.Length])];
        var seen = new HashSet<int>();
        for (var index = 0; index < inputs.Count && errors.Count < InferRequest.MaximumErrors; index++)
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

        foreach (
            var missing in network.Columns.Where((_, column) => !seen.Contains(column)).Take(InferRequest.MaximumErrors)
        )
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
        var wanted = Fits(column, tensor.Datatype) ? null : $"{DatatypeOf(column)} for {column.Name}";
        if (!tensor.Check(path, rows.Length, wanted, errors))
        {
            return;
        }

        var row = 0;
        foreach (var element in tensor.ReadValues())
        {
            if (errors.Count >= InferRequest.MaximumErrors)
            {
                return;
            }

            if (ReadElement(column, element, out rows[row][index]) is { } error)
            {
                errors[$"{path}.data[{row}]"] = [error];
            }

            row++;
        }
    }

    private static bool Fits(Column column, string datatype) =>
        column.HasLevels
            ? datatype is TensorType.Bytes || (datatype is TensorType.Bool && column.Type is ColumnType.Flag)
            : TensorType.IsNumber(datatype);

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
