using CsCheck;
using Npgsql;
using Workshop.ServiceDefaults.Text;
using Workshop.Tests.Fixtures;
using Xunit;

namespace Workshop.Tests.ServiceDefaults.Text;

/// <summary>The one ruler for text, against PostgreSQL's where there is one.</summary>
public sealed class UniformTextTests(PostgresFixture postgres)
{
    /// <summary>Texts that are compared; each is a row.</summary>
    private const int Texts = 3_000;

    /// <summary>Letters that compose and decompose: Latin, Greek, marks, Indic, Hangul, compatibility ideographs.</summary>
    private static readonly Gen<int> Points = Gen.OneOf(
        Gen.Int[0x41, 0x24F],
        Gen.Int[0x300, 0x36F],
        Gen.Int[0x370, 0x3FF],
        Gen.Int[0x900, 0xDFF],
        Gen.Int[0x1100, 0x11FF],
        Gen.Int[0x1E00, 0x1FFF],
        Gen.Int[0xAC00, 0xD7A3],
        Gen.Int[0xF900, 0xFAFF],
        Gen.Int[0x1D150, 0x1D1FF]
    );

    [Fact]
    public async Task Text_is_normalized_and_counted_as_postgresql_does_it()
    {
        var ct = TestContext.Current.CancellationToken;
        var random = Points.Array[1, 12].Array[Texts].Single(_ => true, seed: "0000V1HQwg41");
        var texts = random.Select(points => string.Concat(points.Select(char.ConvertFromUtf32))).ToArray();
        await using var database = NpgsqlDataSource.Create(await postgres.CreateDatabase(ct));
        await using var ask = database.CreateCommand(
            "SELECT normalize(text, NFC), char_length(normalize(text, NFC)) FROM unnest($1) WITH ORDINALITY AS t (text, at) ORDER BY at"
        );
        ask.Parameters.Add(new() { Value = texts });
        await using var reader = await ask.ExecuteReaderAsync(ct);
        foreach (var text in texts)
        {
            Assert.True(await reader.ReadAsync(ct));
            var ours = UniformText.Of("|" + text + "|")[1..^1];
            Assert.Equal(reader.GetString(0), ours);
            Assert.Equal(reader.GetInt32(1), UniformText.Length(ours));
        }
    }

    [Theory]
    [InlineData(" lead and trail \t", "lead and trail")]
    [InlineData("a\r\nb\rc\nd", "a\nb\nc\nd")]
    [InlineData("Cafe\u0301", "Caf\u00E9")]
    [InlineData("E\u0301te\u0301", "\u00C9t\u00E9")]
    [InlineData("\u1100\u1161\u11A8", "\uAC01")]
    [InlineData("a\u0344\u0344\u0316\u0323", "\u00E4\u0316\u0323\u0301\u0308\u0301")]
    [InlineData("\uD83D\uDE00", "\uD83D\uDE00")]
    public void One_text_has_one_form(string sent, string uniform)
    {
        Assert.Equal(uniform, UniformText.Of(sent));
        Assert.Equal(uniform, UniformText.Of(uniform));
    }

    [Theory]
    [InlineData("plain", true)]
    [InlineData("emoji \uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67", true)]
    [InlineData("\u0001", false)]
    [InlineData("tab\there", false)]
    [InlineData("line\nline", false)]
    [InlineData("\u007F", false)]
    [InlineData("\u0085", false)]
    [InlineData("\u2028", false)]
    [InlineData("ab\u202Ecd", false)]
    [InlineData("ab\u2066cd", false)]
    [InlineData("ab\u2069cd", false)]
    [InlineData("nul\0", false)]
    public void What_works_on_the_text_around_it_is_not_plain(string text, bool isPlain) =>
        Assert.Equal(isPlain, UniformText.IsPlain(text, mayHaveLines: false));

    [Fact]
    public void Where_lines_are_allowed_their_separators_are() =>
        Assert.True(UniformText.IsPlain("one\ntwo\u2028three\u2029four", mayHaveLines: true));

    [Fact]
    public void Half_a_surrogate_pair_is_neither_whole_nor_plain()
    {
        foreach (var text in new[] { "\uD800", "a\uDC00", "\uDC00\uD800" })
        {
            Assert.False(UniformText.IsWhole(text));
            Assert.False(UniformText.IsPlain(text, mayHaveLines: true));
            Assert.Equal(text, UniformText.Of(text));
        }
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("\uD83D\uDE00", true)]
    [InlineData("\u200B", false)]
    [InlineData("\u3164", false)]
    [InlineData("\u2800", false)]
    [InlineData("\u00AD", false)]
    [InlineData("\u0301", false)]
    [InlineData("\uFE0F", false)]
    [InlineData("\u00A0\u2003", false)]
    [InlineData("\uDB40\uDC41", false)]
    public void A_name_shows_something(string text, bool isVisible) =>
        Assert.Equal(isVisible, UniformText.IsVisible(text));

    [Fact]
    public void Lines_are_plain_where_they_may_be() =>
        Assert.True(UniformText.IsPlain("line\nline", mayHaveLines: true));
}
