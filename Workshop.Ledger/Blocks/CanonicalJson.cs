using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Workshop.Ledger.Blocks;

/// <summary>
/// JSON in one form only, after RFC 8785 (JCS): no white space, members sorted by name, no needless escapes. Numbers
/// are whole, or short decimals such as 0.05; anything that would need an exponent is refused.
/// </summary>
public static class CanonicalJson
{
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        // Only what came out of a parsed document is written.
        SkipValidation = true,
    };

    /// <summary>Writes a value.</summary>
    /// <exception cref="FormatException">A number has an exponent.</exception>
    public static void Write(IBufferWriter<byte> output, JsonElement value)
    {
        using var writer = new Utf8JsonWriter(output, Options);
        Write(writer, value);
    }

    private static void Write(Utf8JsonWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in value.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(member.Name);
                    Write(writer, member.Value);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.Number:
                var text = value.GetRawText();
                writer.WriteRawValue(
                    text.AsSpan().ContainsAny('e', 'E') ? throw new FormatException($"{text} has an exponent.") : text,
                    skipInputValidation: true
                );
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }
}
