using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Workshop.Ledger.Blocks;

/// <summary>An answer's numbers, of which a ledger mostly consists: read without a list for each.</summary>
internal sealed class LedgerNumbers : JsonConverter<ImmutableArray<long>>
{
    private const int Usual = 64;

    public override ImmutableArray<long> Read(
        ref Utf8JsonReader reader,
        Type typeToConvert,
        JsonSerializerOptions options
    )
    {
        if (reader.TokenType is not JsonTokenType.StartArray)
        {
            throw new JsonException("An array of whole numbers is wanted.");
        }

        var numbers = ArrayPool<long>.Shared.Rent(Usual);
        try
        {
            var count = 0;
            while (reader.Read() && reader.TokenType is JsonTokenType.Number)
            {
                if (count == numbers.Length)
                {
                    numbers = Grown(numbers);
                }

                numbers[count++] = reader.TryGetInt64(out var number)
                    ? number
                    : throw new JsonException("A number is not whole.");
            }

            return reader.TokenType is JsonTokenType.EndArray
                ? ImmutableArray.Create(numbers, 0, count)
                : throw new JsonException("An array of whole numbers is wanted.");
        }
        finally
        {
            ArrayPool<long>.Shared.Return(numbers);
        }
    }

    public override void Write(Utf8JsonWriter writer, ImmutableArray<long> value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var number in value)
        {
            writer.WriteNumberValue(number);
        }

        writer.WriteEndArray();
    }

    private static long[] Grown(long[] full)
    {
        var grown = ArrayPool<long>.Shared.Rent(full.Length * 2);
        full.CopyTo(grown, 0);
        ArrayPool<long>.Shared.Return(full);
        return grown;
    }
}
