using System.Globalization;
using System.Text.Json;
using Consensus.Networks;
using Workshop.Ledger.Networks;

namespace Consensus.Predict;

/// <summary>The body of <c>POST /v2/models/{network}/infer</c> (Open Inference Protocol v2).</summary>
/// <param name="Inputs">One tensor per column, each with a value per row.</param>
/// <param name="Id">Comes back in the answer; made when not given.</param>
/// <param name="Parameters">Allowed by the protocol; none is known here.</param>
/// <param name="Outputs">Names the outputs wanted; all when not given.</param>
internal sealed record InferRequest(
    IReadOnlyList<InferTensor?> Inputs,
    string? Id = null,
    JsonElement? Parameters = null,
    IReadOnlyList<InferOutput?>? Outputs = null
);

/// <summary>One column of the rows.</summary>
/// <param name="Name">Of the column.</param>
/// <param name="Shape"><c>[n]</c> or <c>[n, 1]</c>, with n rows.</param>
/// <param name="Datatype">A number type for numbers, BYTES or BOOL for words.</param>
/// <param name="Data">n values, those of shape <c>[n, 1]</c> nested or flat; null for a missing one.</param>
/// <param name="Parameters">Allowed by the protocol; none is known here.</param>
internal sealed record InferTensor(
    string Name,
    IReadOnlyList<long> Shape,
    string Datatype,
    JsonElement Data,
    JsonElement? Parameters = null
);

/// <summary>One output that is wanted.</summary>
/// <param name="Name"><c>label</c>, <c>probabilities</c> or <c>value</c>.</param>
/// <param name="Parameters">Allowed by the protocol; none is known here.</param>
internal sealed record InferOutput(string Name, JsonElement? Parameters = null);

/// <summary>Reads rows out of the tensors of an inference request.</summary>
internal static class TensorRows
{
    /// <summary>Most rows in one request.</summary>
    internal const int MaximumRows = 1000;

    /// <summary>More errors than this are not listed: one wrong tensor may hold a thousand.</summary>
    private const int MaximumErrors = 20;

    private static readonly string[] WordTypes = ["BYTES", "BOOL"];

    private static readonly string[] NumberTypes =
    [
        "FP64",
        "FP32",
        "INT64",
        "INT32",
        "INT16",
        "INT8",
        "UINT64",
        "UINT32",
        "UINT16",
        "UINT8",
    ];

    /// <summary>Reads all rows.</summary>
    /// <param name="schema">Which network.</param>
    /// <param name="inputs">The tensors, in any order.</param>
    /// <param name="errors">Gets what is wrong, by member of the request.</param>
    /// <returns>Per row its line; meaningless after an error.</returns>
    internal static string[] Read(
        Schema schema,
        IReadOnlyList<InferTensor?> inputs,
        Dictionary<string, string[]> errors
    )
    {
        var rows = inputs is [{ Shape: [var count, ..] }, ..] ? count : 0;
        if (rows is < 1 or > MaximumRows)
        {
            errors["inputs[0].shape"] = [$"Must be [n] with n rows, 1 to {MaximumRows}."];
            return [];
        }

        var columns = new Dictionary<string, string[]>(StringComparer.Ordinal);
        for (var index = 0; index < inputs.Count && errors.Count < MaximumErrors; index++)
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"inputs[{index}]");
            var column = schema.Columns.FirstOrDefault(known =>
                string.Equals(known.Name, inputs[index]?.Name, StringComparison.Ordinal)
            );
            if (inputs[index] is not { } tensor || column is null)
            {
                errors[$"{path}.name"] = [$"{schema.Network.Name} has no such column."];
            }
            else if (!columns.TryAdd(column.Name, ReadTensor(column, tensor, path, (int)rows, errors)))
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
        for (var row = 0; row < rows && errors.Count < MaximumErrors; row++)
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
        if (tensor.Shape is not ([_] or [_, 1]) || tensor.Shape[0] != rows)
        {
            errors[$"{path}.shape"] = [$"Must be [{rows}], as that of the first tensor."];
        }

        if (!(column.HasLevels ? WordTypes : NumberTypes).Contains(tensor.Datatype, StringComparer.Ordinal))
        {
            errors[$"{path}.datatype"] = [$"Must be {(column.HasLevels ? "BYTES" : "FP64")} for {column.Name}."];
        }

        if (tensor.Data.ValueKind is not JsonValueKind.Array || tensor.Data.GetArrayLength() != rows)
        {
            errors[$"{path}.data"] = [$"Must be an array of {rows} values."];
            return [];
        }

        var isNested = tensor.Shape.Count == 2;
        return
        [
            .. tensor.Data.EnumerateArray().Select(element => Text(column, isNested ? Unnested(element) : element)),
        ];
    }

    /// <summary>The value of a row of one column, which the protocol lets a client write with brackets or without.</summary>
    private static JsonElement Unnested(JsonElement element) =>
        element.ValueKind is JsonValueKind.Array && element.GetArrayLength() == 1 ? element[0] : element;

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
