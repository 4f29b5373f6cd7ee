using System.Net;
using System.Text;
using System.Text.Json;
using Workshop.Tests.Registry;
using Xunit;

namespace Workshop.Tests.ServiceDefaults.Errors;

/// <summary>What the service defaults promise for every service, asked of the smallest one.</summary>
public sealed class SharedRulesTests : IAsyncLifetime
{
    private const string Registration = """{"address":"localhost:3001"}""";

    private static readonly string[] Members = ["title", "detail", "instance", "traceId"];

    private readonly RegistryServer registry = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => registry.DisposeAsync();

    [Theory]
    [InlineData("application/json", true)]
    [InlineData("application/json; charset=utf-8", true)]
    [InlineData("application/json; charset=\"utf-8\"", true)]
    [InlineData("application/json; charset=UTF-8", true)]
    [InlineData("application/json;charset=\"Utf-8\"", true)]
    [InlineData("application/json; charset=utf8", true)]
    [InlineData("application/json; charset='utf-8'", true)]
    [InlineData("APPLICATION/JSON", true)]
    [InlineData("application/problem+json", true)]
    [InlineData("application/json; charset=foo", false)]
    [InlineData("application/json; charset=utf-16", false)]
    [InlineData("application/json; charset=iso-8859-1", false)]
    [InlineData("application/json; charset=\"\"", false)]
    [InlineData("application/json; charset=", false)]
    [InlineData("text/json", false)]
    [InlineData("text/plain", false)]
    [InlineData("application/x-www-form-urlencoded", false)]
    [InlineData("nonsense", false)]
    [InlineData(null, false)]
    public async Task A_body_is_json_in_utf_8_or_a_415(string? type, bool isTaken)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(Registration));
        if (type is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        using var answer = await registry.Writer.PutAsync("/services/a/b", content, Ct);

        Assert.Equal(isTaken ? HttpStatusCode.Created : HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
    }

    [Fact]
    public async Task Who_asks_is_looked_at_before_what_is_sent()
    {
        using var foreign = new HttpRequestMessage(HttpMethod.Put, "/services/a/b")
        {
            Content = new StringContent(Registration, Encoding.UTF8, "text/plain"),
            Headers = { { "Origin", "http://elsewhere.example" } },
        };
        using var misdirected = new HttpRequestMessage(HttpMethod.Get, "/services")
        {
            Headers = { { "Host", "elsewhere.example" }, { "Accept", "image/png" } },
        };
        using var refused = await registry.Writer.SendAsync(foreign, Ct);
        using var unknown = await registry.Writer.SendAsync(misdirected, Ct);

        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal(HttpStatusCode.MisdirectedRequest, unknown.StatusCode);
    }

    [Fact]
    public async Task An_empty_body_that_is_said_to_be_something_else_is_a_415_too()
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, "/services/a/b")
        {
            Content = new ByteArrayContent([]),
        };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "text/plain");
        using var answer = await registry.Writer.SendAsync(request, Ct);
        using var bare = await registry.Writer.DeleteAsync("/services/a/b", Ct);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, bare.StatusCode);
    }

    [Theory]
    [InlineData("/services", HttpStatusCode.OK)]
    [InlineData("/alive", HttpStatusCode.OK)]
    [InlineData("/health", HttpStatusCode.OK)]
    [InlineData("/openapi/v1.json", HttpStatusCode.OK)]
    [InlineData("/scalar/", HttpStatusCode.OK)]
    [InlineData("/services/nobody", HttpStatusCode.NotFound)]
    [InlineData("/nowhere", HttpStatusCode.NotFound)]
    public async Task Head_is_answered_as_get_without_a_body(string path, HttpStatusCode status)
    {
        using var head = await registry.Reader.SendAsync(new(HttpMethod.Head, path), Ct);

        Assert.Equal(status, head.StatusCode);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(Ct));
    }

    [Theory]
    [InlineData("PATCH", "/services", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "/services/nobody", HttpStatusCode.NotFound)]
    [InlineData("GET", "/services/nobody?wait=1d", HttpStatusCode.BadRequest)]
    [InlineData("GET", "/services/nobody?index=x", HttpStatusCode.BadRequest)]
    [InlineData("GET", "/conductor", HttpStatusCode.NotFound)]
    [InlineData("GET", "/getServer?service=nobody", HttpStatusCode.NotFound)]
    [InlineData("GET", "/nowhere", HttpStatusCode.NotFound)]
    [InlineData("GET", "/openapi/v2.json", HttpStatusCode.NotFound)]
    [InlineData("DELETE", "/services/a/b", HttpStatusCode.NotFound)]
    public async Task Every_error_is_of_one_style(string method, string path, HttpStatusCode status)
    {
        using var answer = await registry.Writer.SendAsync(new(new(method), path), Ct);
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Ct));

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("about:blank", problem.RootElement.GetProperty("type").GetString());
        foreach (var member in Members)
        {
            Assert.NotEmpty(problem.RootElement.GetProperty(member).GetString()!);
        }

        Assert.Equal(
            status is HttpStatusCode.MethodNotAllowed,
            answer.Content.Headers.Allow.Contains("HEAD", StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData("PATCH", "/services")]
    [InlineData("PUT", "/conductor/promote")]
    [InlineData("DELETE", "/getServer")]
    public async Task A_method_that_an_address_does_not_take_is_a_405_whatever_comes_with_it(string method, string path)
    {
        using var request = new HttpRequestMessage(new(method), path)
        {
            Content = new StringContent("text", Encoding.UTF8, "text/plain"),
            Headers = { { "Idempotency-Key", "0123456789abcdef" } },
        };
        using var answer = await registry.Writer.SendAsync(request, Ct);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.NotEmpty(answer.Content.Headers.Allow);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Every_route_of_the_registry_is_described()
    {
        using var document = JsonDocument.Parse(await registry.Reader.GetStringAsync("/openapi/v1.json", Ct));
        var described = document
            .RootElement.GetProperty("paths")
            .EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(verb => $"{verb.Name} {path.Name}"));

        string[] routes =
        [
            "get /getServer",
            "get /services",
            "get /services/{service}",
            "put /services/{service}/{instance}",
            "delete /services/{service}/{instance}",
            "get /conductor",
            "post /conductor/promote",
            "post /conductor/lag",
            "get /conductor/wires",
            "put /conductor/wires/{name}",
            "delete /conductor/wires/{name}",
            "get /alive",
            "get /health",
        ];

        Assert.Empty(routes.Except(described, StringComparer.Ordinal));
    }
}
