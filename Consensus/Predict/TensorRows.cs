using System.Globalization;
using System.Text.Json;
using Consensus.Networks;
using Workshop.Ledger.Networks;
using Workshop.ServiceDefaults.Inference;

namespace Consensus.Predict;

/// <summary>Reads rows out of the tensors of an inference request.</summary>
internal static class TensorRows
{
    /// <summary>Reads all rows.</summary>
    /// <param name="schema">Which network.</param>
    /// <param name="inputs">The tensors, in any order.</param>
    /// <param name="errors">Gets what is wrong, by member of the request.</param>
    /// <returns>Per row its line; meaningless after an error.</returns>
    internal static string[] Read(Schema schema, IReadOnlyList<InferTensor> inputs, Dictionary<string, string[]> errors)
    {
        var rows = inputs is [{ Shape: [var count, ..] }, ..] ? count : 0;
        if (rows is < 1 or > InferRequest.MaximumRows)
        {
            errors["inputs[0].shape"] = [$"Must be [n] with n rows, 1 to {InferRequest.MaximumRows}."];
            return [];
        }

        var columns = new Dictionary<string, string[]>(StringComparer.Ordinal);
        for (var index = 0; index < inputs.Count && errors.Count < InferRequest.MaximumErrors; index++)
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"inputs[{index}]");
            var column = schema.Columns.FirstOrDefault(known =>
                string.Equals(known.Name, inputs[index].Name, StringComparison.Ordinal)
            );
            if (column is null)
            {
                errors[$"{path}.name"] = [$"{schema.Network.Name} has no such column."];
            }
            else if (!columns.TryAdd(column.Name, ReadTensor(column, inputs[index], path, (int)rows, errors)))
            {
                errors[$"{path}.name"] = ["Must be given once."];
            }
        }

        return errors.Count > 0 ? [] : Lines(schema, columns, (int)rows, errors);
    }

    private static string[] Lines(
        Schema schema,
        Dictionary<string, string[]> columns,
        int rows,
        Dictionary<string, string[]> errors
    )
    {
        var lines = new string[rows];
        for (var row = 0; row < rows && errors.Count < InferRequest.MaximumErrors; row++)
        {
            var own = new Dictionary<string, string[]>(StringComparer.Ordinal);
            var at = row;
            lines[row] = schema.ReadRow(
                name => columns.TryGetValue(name, out var values) ? [values[at]] : [],
                columns.Keys,
                own
            );
            foreach (var (name, error) in own)
            {
                var isMissing = !columns.ContainsKey(name);
                errors.TryAdd(
                    isMissing
                        ? $"inputs.{name}"
                        : string.Create(CultureInfo.InvariantCulture, $"inputs.{name}.data[{row}]"),
                    error
                );
            }
        }

        return lines;
    }

    private static string[] ReadTensor(
        Column column,
        InferTensor tensor,
        string path,
        int rows,
        Dictionary<string, string[]> errors
    )
    {
        var fits = column.HasLevels
            ? tensor.Datatype is TensorType.Bytes or TensorType.Bool
            : TensorType.IsNumber(tensor.Datatype);
        var wanted = $"{(column.HasLevels ? TensorType.Bytes : TensorType.Fp64)} for {column.Name}";
        return tensor.Check(path, rows, fits ? null : wanted, errors)
            ? [.. tensor.ReadValues().Select(element => Text(column, element))]
            : [];
    }

    /// <summary>An element as it would stand in a query; what is none of the column's kind stands in no domain.</summary>
    private static string Text(Column column, JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.Null => "",
            JsonValueKind.String when column.HasLevels => JsonText.Of(element) ?? "\0",
            JsonValueKind.True when column.HasLevels => "true",
            JsonValueKind.False when column.HasLevels => "false",
            JsonValueKind.Number when !column.HasLevels => element.GetRawText(),
            _ => "\0",
        };
}
