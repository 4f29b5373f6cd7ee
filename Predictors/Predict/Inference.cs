using System.Buffers;
using System.Text.Json;
using Predictors.Data;
using Workshop.ServiceDefaults.Inference;

namespace Predictors.Predict;

/// <summary>
/// An answer, as the Open Inference Protocol v2 writes it: outputs <c>label</c> and <c>probabilities</c>, or
/// <c>value</c>. A single answer also says its prediction (and confidence) among the parameters.
/// </summary>
/// <param name="Network">What was asked.</param>
/// <param name="Predictor">Who answers.</param>
/// <param name="Id">Of the request, or made for it.</param>
/// <param name="Rows">Per row the probabilities, or the one value.</param>
/// <param name="Wanted">Names of the outputs to write; all when empty.</param>
public sealed record Inference(
    Network Network,
    string Predictor,
    string Id,
    IReadOnlyList<double[]> Rows,
    IReadOnlyList<string> Wanted
)
{
    private static readonly string[] ClassOutputs = [LabelOutput, ProbabilitiesOutput];

    private static readonly string[] ValueOutputs = [ValueOutput];

    private const string LabelOutput = "label";

    private const string ProbabilitiesOutput = "probabilities";

    private const string ValueOutput = "value";

    /// <summary>Names of a network's outputs.</summary>
    public static string[] OutputsOf(Network network) => network.IsClassification ? ClassOutputs : ValueOutputs;

    /// <summary>Writes the answer as JSON.</summary>
    /// <param name="buffer">Receives UTF-8.</param>
    public void Write(IBufferWriter<byte> buffer)
    {
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        writer.WriteString("model_name"u8, Network.Name);
        writer.WriteString("model_version"u8, InferenceRoutes.Version);
        writer.WriteString("id"u8, Id);
        WriteParameters(writer);
        writer.WriteStartArray("outputs"u8);
        foreach (var output in Wanted.Count > 0 ? Wanted : OutputsOf(Network))
        {
            WriteOutput(writer, output);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private void WriteOutput(Utf8JsonWriter writer, string output)
    {
        switch (output)
        {
            case LabelOutput:
                WriteLabels(writer);
                break;
            case ProbabilitiesOutput:
                WriteProbabilities(writer);
                break;
            default:
                WriteValues(writer);
                break;
        }
    }

    /// <summary>The most probable class; of equals the first.</summary>
    private string LabelOf(double[] row) => Network.Labels[IndexOfGreatest(row)];

    private static int IndexOfGreatest(double[] row) =>
        System.Numerics.Tensors.TensorPrimitives.IndexOfMax(row.AsSpan());

    private void WriteParameters(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("parameters"u8);
        writer.WriteString("predictor"u8, Predictor);
        if (Rows.Count == 1 && Network.IsClassification)
        {
            writer.WriteString("prediction"u8, LabelOf(Rows[0]));
            writer.WriteNumber("confidence"u8, Rows[0][IndexOfGreatest(Rows[0])]);
        }
        else if (Rows.Count == 1)
        {
            writer.WriteNumber("prediction"u8, Rows[0][0]);
        }

        writer.WriteEndObject();
    }

    private void WriteLabels(Utf8JsonWriter writer)
    {
        WriteStart(writer, LabelOutput, "BYTES", [Rows.Count]);
        foreach (var row in Rows)
        {
            writer.WriteStringValue(LabelOf(row));
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private void WriteProbabilities(Utf8JsonWriter writer)
    {
        WriteStart(writer, ProbabilitiesOutput, "FP64", [Rows.Count, Network.Labels.Length]);
        foreach (var row in Rows)
        {
            WriteNumbers(writer, row);
        }

        writer.WriteEndArray();
        writer.WriteStartObject("parameters"u8);
        writer.WriteStartArray("labels"u8);
        foreach (var label in Network.Labels)
        {
            writer.WriteStringValue(label);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private void WriteValues(Utf8JsonWriter writer)
    {
        WriteStart(writer, ValueOutput, "FP64", [Rows.Count]);
        foreach (var row in Rows)
        {
            WriteNumbers(writer, row);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteNumbers(Utf8JsonWriter writer, double[] numbers)
    {
        foreach (var number in numbers)
        {
            writer.WriteNumberValue(number);
        }
    }

    /// <summary>Begins a tensor, up to and with the bracket of its data.</summary>
    private static void WriteStart(Utf8JsonWriter writer, string name, string type, ReadOnlySpan<int> shape)
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, name);
        writer.WriteStartArray("shape"u8);
        foreach (var size in shape)
        {
            writer.WriteNumberValue(size);
        }

        writer.WriteEndArray();
        writer.WriteString("datatype"u8, type);
        writer.WriteStartArray("data"u8);
    }
}
