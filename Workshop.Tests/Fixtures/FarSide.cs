namespace Workshop.Tests.Fixtures;

/// <summary>The other end of a client, without a wire.</summary>
/// <param name="answer">What it says, or throws.</param>
internal sealed class FarSide(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler
{
    /// <summary>What it was asked, oldest first.</summary>
    public List<(HttpMethod Method, string? Authorization)> Heard { get; } = [];

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct)
    {
        Heard.Add((request.Method, request.Headers.Authorization?.ToString()));
        return Task.FromResult(answer(request));
    }
}
