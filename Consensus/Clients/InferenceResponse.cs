using System.Text.Json;
using System.Text.Json.Serialization;

namespace Consensus.Clients;

/// <summary>
/// The answer of a member: an inference response of the Open Inference Protocol v2, as far as it is read.
/// </summary>
/// <param name="Outputs">Named tensors.</param>
internal sealed record InferenceResponse(IReadOnlyList<InferenceOutput>? Outputs);

/// <summary>One tensor.</summary>
/// <param name="Name"><c>probabilities</c>, <c>value</c> or another, which is passed over.</param>
/// <param name="Shape">Rows, then columns.</param>
/// <param name="Data">The elements, row by row; null where they are not numbers.</param>
/// <param name="Parameters">The labels of the columns.</param>
internal sealed record InferenceOutput(
    string? Name,
    IReadOnlyList<long>? Shape,
    [property: JsonConverter(typeof(NumbersConverter))] double[]? Data,
    InferenceLabels? Parameters
);

/// <summary>Which column belongs to which class.</summary>
/// <param name="Labels">One per column.</param>
internal sealed record InferenceLabels(IReadOnlyList<string>? Labels);

/// <summary>Reads an array of numbers without a document in between; anything else is passed over.</summary>
internal sealed class NumbersConverter : JsonConverter<double[]>
{
    public override double[]? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return null;
        }

        var numbers = new List<double>();
        var areNumbers = true;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            areNumbers &= reader.TokenType == JsonTokenType.Number;
            if (areNumbers)
            {
                numbers.Add(reader.GetDouble());
            }
            else
            {
                reader.Skip();
            }
        }

        return areNumbers ? [.. numbers] : null;
    }

    public override void Write(Utf8JsonWriter writer, double[] value, JsonSerializerOptions options) =>
        throw new NotSupportedException("Answers of members are only read.");
}

/// <summary>How answers of members are read: members elsewhere may say more than we ask for.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, MaxDepth = 16)]
[JsonSerializable(typeof(InferenceResponse))]
internal sealed partial class InferenceJson : JsonSerializerContext;
