using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Workshop.Ledger.Networks;

namespace Consensus.Clients;

/// <summary>Writes rows as an inference request of the Open Inference Protocol v2: one tensor per column.</summary>
internal static class InferenceRequest
{
    /// <summary>The body of <c>POST /v2/models/{network}/infer</c>.</summary>
    /// <remarks>A missing number is <c>null</c>; words are of type BYTES, and a missing one is empty.</remarks>
    internal static byte[] Write(Schema schema, IReadOnlyList<string> lines)
    {
        var cells = lines.Select(line => line.Split(',')).ToArray();
        var body = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(body);
        writer.WriteStartObject();
        writer.WriteStartArray("inputs");
        for (var index = 0; index < schema.Columns.Length; index++)
        {
            var column = schema.Columns[index];
            writer.WriteStartObject();
            writer.WriteString("name", column.Name);
            writer.WriteStartArray("shape");
            writer.WriteNumberValue(lines.Count);
            writer.WriteEndArray();
            writer.WriteString("datatype", column.HasLevels ? "BYTES" : "FP64");
            writer.WriteStartArray("data");
            foreach (var row in cells)
            {
                Write(writer, column, row[index]);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        return body.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter writer, Column column, string cell)
    {
        if (column.HasLevels)
        {
            writer.WriteStringValue(cell);
        }
        else if (cell.Length == 0)
        {
            writer.WriteNullValue();
        }
        else
        {
            writer.WriteNumberValue(double.Parse(cell, CultureInfo.InvariantCulture));
        }
    }
}
