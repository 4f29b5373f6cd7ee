using System.Net;
using Workshop.ServiceDefaults.Json;
using Workshop.Tests.Fixtures;
using Xunit;

namespace Workshop.Tests.ServiceDefaults.Json;

/// <summary>What is no answer is nothing, whatever it is.</summary>
public sealed class JsonQuestionsTests
{
    private const string Good = """{"word":"yes"}""";

    [Theory]
    [InlineData(HttpStatusCode.OK, Good, "yes")]
    [InlineData(HttpStatusCode.OK, "nonsense", null)]
    [InlineData(HttpStatusCode.OK, "null", null)]
    [InlineData(HttpStatusCode.NotFound, Good, null)]
    public async Task An_answer_counts_as_far_as_it_is_one(HttpStatusCode status, string body, string? word) =>
        Assert.Equal(word, await Ask(() => new(status) { Content = new StringContent(body) }));

    [Fact]
    public async Task Who_is_away_is_late_or_breaks_off_says_nothing()
    {
        Assert.Null(await Ask(() => throw new HttpRequestException("refused")));
        Assert.Null(await Ask(() => throw new IOException("broken off")));
        Assert.Null(await Ask(() => throw new OperationCanceledException("too late")));
    }

    private static async Task<string?> Ask(Func<HttpResponseMessage> answer)
    {
        using var far = new FarSide(_ => answer());
        using var http = new HttpClient(far);
        return (await http.TryGetJson<Said>(new("http://away"), TestContext.Current.CancellationToken))?.Word;
    }

    private sealed record Said(string Word);
}
