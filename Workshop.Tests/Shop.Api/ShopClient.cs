using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Workshop.Tests.Shop.Api;

/// <summary>What came back: status, headers and the body as JSON.</summary>
internal sealed record Answer(HttpStatusCode Status, string Text, HttpResponseMessage Message)
{
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    public JsonElement this[string member] => Json.GetProperty(member);

    public string? Header(string name) =>
        Message.Headers.TryGetValues(name, out var values) || Message.Content.Headers.TryGetValues(name, out values)
            ? string.Join(", ", values)
            : null;
}

/// <summary>The shop as a client that was written from the contract alone sees it.</summary>
internal sealed class ShopClient(string address) : IDisposable
{
    /// <summary>A thousand buyers come at once; each needs a connection, and patience.</summary>
    public HttpClient Http { get; } =
        new(new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8 })
        {
            BaseAddress = new(address),
            Timeout = TimeSpan.FromMinutes(1),
        };

    public void Dispose() => Http.Dispose();

    public Task<Answer> Get(string path, params (string Name, string Value)[] headers) =>
        Send(HttpMethod.Get, path, content: null, headers);

    public Task<Answer> Post(string path, object? body, params (string Name, string Value)[] headers) =>
        Send(HttpMethod.Post, path, body is null ? null : JsonContent.Create(body), headers);

    public Task<Answer> Put(string path, object body, params (string Name, string Value)[] headers) =>
        Send(HttpMethod.Put, path, JsonContent.Create(body), headers);

    public Task<Answer> Delete(string path, params (string Name, string Value)[] headers) =>
        Send(HttpMethod.Delete, path, content: null, headers);

    public Task<Answer> Raw(HttpMethod method, string path, string body, string type = "application/json") =>
        Send(method, path, new StringContent(body, Encoding.UTF8, type), []);

    public async Task<Answer> Send(
        HttpMethod method,
        string path,
        HttpContent? content,
        params (string Name, string Value)[] headers
    )
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        var response = await Http.SendAsync(request);
        return new(response.StatusCode, await response.Content.ReadAsStringAsync(), response);
    }

    /// <summary>Makes a product and returns its id.</summary>
    public async Task<string> NewProduct(
        int stock,
        string price = "9.99",
        string category = "Tests",
        string? name = null
    )
    {
        var body = string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"name":"{{name ?? "Thing " + Guid.NewGuid()}}","price":{{price}},"category":"{{category}}","stock":{{stock}}}"""
        );
        var answer = await Raw(HttpMethod.Post, "/products", body);
        return answer.Status == HttpStatusCode.Created
            ? answer["id"].GetString()!
            : throw new InvalidOperationException($"A product could not be made: {answer.Text}");
    }

    public async Task<int> Stock(string product) => (await Get($"/products/{product}"))["stock"].GetInt32();

    public Task<Answer> Order(
        string user,
        string product,
        int quantity,
        params (string Name, string Value)[] headers
    ) => Post("/orders", new { userId = user, items = new[] { new { productId = product, quantity } } }, headers);

    public static string NewUser() => "user-" + Guid.NewGuid().ToString("N")[..12];
}
