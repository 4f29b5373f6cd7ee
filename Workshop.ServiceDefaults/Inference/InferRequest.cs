using System.Text.Json;

namespace Workshop.ServiceDefaults.Inference;

/// <summary>The body of <c>POST /v2/models/{model}/infer</c> (Open Inference Protocol v2).</summary>
/// <param name="Inputs">One tensor per column, each with a value per row.</param>
/// <param name="Id">Comes back in the answer; made when not given.</param>
/// <param name="Parameters">Allowed by the protocol; none is known here.</param>
/// <param name="Outputs">Names the outputs wanted; all when not given.</param>
public sealed record InferRequest(
    IReadOnlyList<InferTensor> Inputs,
    string? Id = null,
    JsonElement? Parameters = null,
    IReadOnlyList<InferOutput>? Outputs = null
)
{
    /// <summary>Most rows in one request.</summary>
    public const int MaximumRows = 1000;

    /// <summary>More errors than this are not listed: one wrong tensor may hold a thousand.</summary>
    public const int MaximumErrors = 20;

    /// <summary>
    /// What is wrong with the outputs that are wanted. Each is named once at most: the answer holds all that are named.
    /// </summary>
    /// <param name="outputs">As the client named them.</param>
    /// <param name="known">Those of the model.</param>
    /// <param name="errors">Gets what is wrong.</param>
    public static void CheckOutputs(
        IReadOnlyList<InferOutput> outputs,
        IReadOnlyCollection<string> known,
        IDictionary<string, string[]> errors
    )
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var index = 0; index < outputs.Count && errors.Count < MaximumErrors; index++)
        {
            if (!known.Contains(outputs[index].Name, StringComparer.Ordinal))
            {
                errors[$"outputs[{index}].name"] = [$"Must be one of: {string.Join(", ", known)}."];
            }
            else if (!seen.Add(outputs[index].Name))
            {
                errors[$"outputs[{index}].name"] = ["Must be named once."];
            }
        }
    }
}

/// <summary>One column of the rows.</summary>
/// <param name="Name">Of the column.</param>
/// <param name="Shape"><c>[n]</c> or <c>[n, 1]</c>, with n rows.</param>
/// <param name="Datatype">FP64, FP32 or an integer type for numbers, BYTES for words, BOOL or BYTES for flags.</param>
/// <param name="Data">n values, those of shape <c>[n, 1]</c> nested or flat; null for a missing one.</param>
/// <param name="Parameters">Allowed by the protocol; none is known here.</param>
public sealed record InferTensor(
    string Name,
    IReadOnlyList<long> Shape,
    string Datatype,
    JsonElement Data,
    JsonElement? Parameters = null
)
{
    /// <summary>The values, one per row: the protocol lets a client write a row of one column with brackets or without.</summary>
    public IEnumerable<JsonElement> ReadValues() =>
        Shape.Count == 2 ? Data.EnumerateArray().Select(Unnested) : Data.EnumerateArray();

    /// <summary>What is wrong with its shape, type or number of values.</summary>
    /// <param name="path">Where it stands in the request.</param>
    /// <param name="rows">How many rows the first tensor has.</param>
    /// <param name="type">What is wanted, and for which column; null where the type fits.</param>
    /// <param name="errors">Gets what is wrong.</param>
    /// <returns>Whether its values can be read.</returns>
    public bool Check(string path, int rows, string? type, IDictionary<string, string[]> errors)
    {
        if (Shape is not ([_] or [_, 1]) || Shape[0] != rows)
        {
            errors[$"{path}.shape"] = [$"Must be [{rows}], as that of the first tensor."];
        }

        if (type is not null)
        {
            errors[$"{path}.datatype"] = [$"Must be {type}."];
        }

        var isWhole = Data.ValueKind is JsonValueKind.Array && Data.GetArrayLength() == rows;
        if (!isWhole)
        {
            errors[$"{path}.data"] = [$"Must be an array of {rows} values."];
        }

        return isWhole;
    }

    private static JsonElement Unnested(JsonElement element) =>
        element.ValueKind is JsonValueKind.Array && element.GetArrayLength() == 1 ? element[0] : element;
}

/// <summary>One output that is wanted.</summary>
/// <param name="Name"><c>label</c>, <c>probabilities</c> or <c>value</c>.</param>
/// <param name="Parameters">Allowed by the protocol; none is known here.</param>
public sealed record InferOutput(string Name, JsonElement? Parameters = null);
