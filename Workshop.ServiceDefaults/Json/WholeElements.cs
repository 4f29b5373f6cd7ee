using System.Text.Json;
using System.Text.Json.Serialization;

namespace Workshop.ServiceDefaults.Json;

/// <summary>
/// Reads JSON that is kept as it came, and makes sure that all of its text is text: a lone surrogate or bytes that are no
/// UTF-8 would otherwise throw wherever the text is asked for, long after the binder that answers 400.
/// </summary>
internal sealed class WholeElements : JsonConverter<JsonElement>
{
    public override JsonElement Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var element = JsonElement.ParseValue(ref reader);
        try
        {
            Check(element);
        }
        catch (InvalidOperationException broken)
        {
            throw new JsonException("A text in it is not valid Unicode.", broken);
        }

        return element;
    }

    public override void Write(Utf8JsonWriter writer, JsonElement value, JsonSerializerOptions options) =>
        value.WriteTo(writer);

    /// <summary>Reads every text and name.</summary>
    /// <exception cref="InvalidOperationException">One of them is not valid.</exception>
    private static void Check(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                _ = element.GetString();
                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    Check(item);
                }

                break;
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject())
                {
                    _ = member.Name;
                    Check(member.Value);
                }

                break;
        }
    }
}
