using System.Text.Json;
using System.Text.Json.Serialization;

namespace Shop.Api.Storage.Receipts;

/// <summary>Proof, outside the database, that an order was acknowledged: one line of JSON each.</summary>
/// <param name="Key">The client's idempotency key, if it sent one.</param>
/// <param name="OrderId">The order.</param>
/// <param name="Timeline">The primary's timeline when it committed.</param>
/// <param name="Position">At or after the end of its commit in the log, as PostgreSQL writes it.</param>
/// <param name="At">When it was acknowledged, UTC.</param>
public sealed record Receipt(string? Key, Guid OrderId, uint Timeline, string Position, DateTimeOffset At)
{
    /// <summary>Reads a line; null for one that was cut short when its process was killed.</summary>
    /// <param name="line">As <see cref="Write"/> made it.</param>
    /// <returns>The receipt.</returns>
    public static Receipt? Read(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, ReceiptJson.Default.Receipt);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Writes a line, with its end.</summary>
    /// <returns>UTF-8.</returns>
    public byte[] Write() => [.. JsonSerializer.SerializeToUtf8Bytes(this, ReceiptJson.Default.Receipt), (byte)'\n'];
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true
)]
[JsonSerializable(typeof(Receipt))]
[JsonSerializable(typeof(Examination))]
internal sealed partial class ReceiptJson : JsonSerializerContext;
