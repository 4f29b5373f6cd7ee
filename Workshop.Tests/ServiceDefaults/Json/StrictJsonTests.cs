using System.Text.Json;
using Workshop.ServiceDefaults.Json;
using Xunit;

namespace Workshop.Tests.ServiceDefaults.Json;

/// <summary>What the JSON of every service refuses beyond what the serializer does by itself.</summary>
public sealed class StrictJsonTests
{
    private static readonly JsonSerializerOptions Options = Make();

    [Theory]
    [InlineData("""{"names":[null],"rows":[]}""", "$", "names[0]")]
    [InlineData("""{"names":["a",null],"rows":[]}""", "$", "names[1]")]
    [InlineData("""{"names":[],"rows":[["a"],["b",null]]}""", "$", "rows[1][1]")]
    [InlineData("""{"names":[],"rows":[null]}""", "$", "rows[0]")]
    [InlineData("""{"names":[],"rows":[],"map":{"a":null}}""", "$", "map[0]")]
    [InlineData("""{"names":[],"rows":[],"inner":[{"names":[null],"rows":[]}]}""", "$.inner[0]", "names[0]")]
    public void A_null_element_is_named(string json, string path, string element)
    {
        var error = Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Request>(json, Options));

        Assert.Equal(path, error.Path);
        Assert.Contains($"'{element}'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_null_element_passes_where_the_type_allows_it()
    {
        const string json = """{"names":["a"],"rows":[["b"]],"gaps":[null,"c"],"map":{"a":"b"}}""";

        var read = JsonSerializer.Deserialize<Request>(json, Options)!;

        Assert.Equal([null, "c"], read.Gaps!);
    }

    [Theory]
    [InlineData("\"\\ud800\"")]
    [InlineData("[1,[\"\\udc00x\"]]")]
    [InlineData("{\"a\":\"\\ud800\"}")]
    [InlineData("{\"\\ud800\":1}")]
    public void Half_a_surrogate_pair_is_refused_in_json_that_is_kept_as_it_came(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Kept>($$"""{"data":{{json}}}""", Options));

    [Fact]
    public void Bytes_that_are_no_text_are_refused_in_json_that_is_kept_as_it_came()
    {
        byte[] json = [.. """{"data":"x"}"""u8];
        json[9] = 0xFF;

        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Kept>(json, Options));
    }

    private static JsonSerializerOptions Make()
    {
        var options = new JsonSerializerOptions();
        StrictJson.Apply(options);
        StrictJson.ForbidNullElements(options);
        return options;
    }

    private sealed record Request(
        IReadOnlyList<string> Names,
        IReadOnlyList<IReadOnlyList<string>> Rows,
        string?[]? Gaps = null,
        Dictionary<string, string>? Map = null,
        IReadOnlyList<Request>? Inner = null
    );

    private sealed record Kept(JsonElement Data);
}
