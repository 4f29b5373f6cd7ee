using System.Net;
using System.Text;
using System.Text.Json;
using Xunit;

namespace Workshop.Tests.Shop.Api.Description;

/// <summary>The description is walked, and every operation in it is called, with good and with bad input.</summary>
[Collection(nameof(ShopTests))]
public sealed class DescriptionTests(ShopFixture shop)
{
    /// <summary>Every route of the contract, as its tables have them.</summary>
    private static readonly string[] Contract =
    [
        "GET /",
        "GET /products",
        "POST /products",
        "GET /products/{id}",
        "PUT /products/{id}",
        "DELETE /products/{id}",
        "GET /categories",
        "POST /orders",
        "GET /orders/{userId}",
        "GET /orders/{userId}/{orderId}",
        "POST /orders/{userId}/{orderId}/cancel",
        "POST /cart/{userId}",
        "GET /cart/{userId}",
        "DELETE /cart/{userId}",
        "PUT /cart/{userId}/item/{productId}",
        "DELETE /cart/{userId}/item/{productId}",
        "POST /cart/{userId}/checkout",
        "GET /storage",
        "GET /alive",
        "GET /health",
    ];

    [Fact]
    public async Task Every_route_of_the_contract_is_described()
    {
        var operations = await Operations();

        Assert.Empty(Contract.Except(operations.Select(operation => operation.Name), StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_operation_answers_good_input_as_described()
    {
        var client = await shop.Client();
        foreach (var operation in await Operations())
        {
            var world = await World(client);
            var answer = await client.Send(
                operation.Method,
                operation.Fill(name => world[name]),
                operation.Body(world["productId"])
            );

            Assert.True((int)answer.Status is >= 200 and < 300, $"{operation.Name}: {answer.Text}");
            Assert.Empty(operation.Disagreements(answer));
        }
    }

    [Fact]
    public async Task Every_operation_answers_unknown_ids_as_described()
    {
        var client = await shop.Client();
        foreach (var operation in await Operations())
        {
            var path = operation.Fill(Unknown);
            var answer = await client.Send(operation.Method, path, operation.Body(Guid.CreateVersion7().ToString()));

            Assert.Empty(operation.Disagreements(answer));
        }
    }

    [Fact]
    public async Task Every_operation_refuses_bad_input_as_described()
    {
        var client = await shop.Client();
        foreach (var operation in await Operations())
        {
            var calls = new List<(string Path, HttpContent? Content)>();
            if (operation.Name.Contains('{', StringComparison.Ordinal))
            {
                calls.Add((operation.Fill(_ => "not%20an%20id"), operation.Body(Guid.NewGuid().ToString())));
            }

            foreach (var parameter in operation.QueryParameters)
            {
                var path = operation.Fill(Unknown);
                calls.Add(($"{path}?{parameter}=%00&{parameter}=%00", null));
            }

            if (operation.HasBody)
            {
                var path = operation.Fill(Unknown);
                calls.Add((path, new StringContent("""{"no":"such"}""", Encoding.UTF8, "application/json")));
            }

            foreach (var (path, content) in calls)
            {
                var answer = await client.Send(operation.Method, path, content);
                Assert.True(answer.Status == HttpStatusCode.BadRequest, $"{operation.Name} {path}: {answer.Text}");
                Assert.Empty(operation.Disagreements(answer));
            }
        }
    }

    /// <summary>The contract: null is 400, also where something may be left out.</summary>
    [Fact]
    public async Task No_body_and_no_member_of_a_body_is_described_as_null()
    {
        var bodies = (await Operations()).Where(operation => operation.HasBody).ToArray();

        Assert.NotEmpty(bodies);
        Assert.Empty(bodies.SelectMany(operation => operation.TakenNulls()));
    }

    [Fact]
    public async Task Scalar_is_served_from_here_alone()
    {
        var client = await shop.Client();
        var page = await client.Get("/scalar/");

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.DoesNotContain("http://", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", page.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await client.Get("/scalar/scalar.js")).Status);
    }

    /// <summary>A value of the right form for a parameter of a path, which names nothing.</summary>
    private static string Unknown(string parameter) =>
        string.Equals(parameter, "userId", StringComparison.Ordinal) ? "nobody" : Guid.CreateVersion7().ToString();

    private async Task<List<Operation>> Operations()
    {
        var document = (await (await shop.Client()).Get("/openapi/v1.json")).Json;
        return
        [
            .. document
                .GetProperty("paths")
                .EnumerateObject()
                .SelectMany(path =>
                    path.Value.EnumerateObject()
                        .Select(method => new Operation(
                            document,
                            path.Name,
                            method.Name.ToUpperInvariant(),
                            method.Value
                        ))
                ),
        ];
    }

    /// <summary>
    /// A product, a user with a cart that holds it, and an order of theirs; new for each call, since calls change it.
    /// </summary>
    private static async Task<Dictionary<string, string>> World(ShopClient client)
    {
        var product = await client.NewProduct(50);
        var user = ShopClient.NewUser();
        var order = await client.Order(user, product, 1);
        await client.Post($"/cart/{user}", new { productId = product, quantity = 1 });
        return new(StringComparer.Ordinal)
        {
            ["id"] = product,
            ["productId"] = product,
            ["userId"] = user,
            ["orderId"] = order["id"].GetString()!,
        };
    }

    /// <summary>One operation of the description.</summary>
    private sealed record Operation(JsonElement Document, string Path, string Verb, JsonElement Facts)
    {
        private const string SeedProduct = "01941f2a-6660-7000-8000-000000000001";

        public string Name => $"{Verb} {Path}";

        public HttpMethod Method => new(Verb);

        public bool HasBody => Facts.TryGetProperty("requestBody", out _);

        public IEnumerable<string> QueryParameters =>
            Facts.TryGetProperty("parameters", out var parameters)
                ? parameters
                    .EnumerateArray()
                    .Where(parameter => parameter.GetProperty("in").ValueEquals("query"))
                    .Select(parameter => parameter.GetProperty("name").GetString()!)
                : [];

        public string Fill(Func<string, string> value) =>
            string.Join('/', Path.Split('/').Select(part => part.StartsWith('{') ? value(part.Trim('{', '}')) : part));

        /// <summary>
        /// The example of the description, about a product that exists or not; only where no body is needed there may be none.
        /// </summary>
        public StringContent? Body(string product)
        {
            if (!HasBody)
            {
                return null;
            }

            var body = Facts.GetProperty("requestBody");
            var isNeeded = body.TryGetProperty("required", out var required) && required.GetBoolean();
            var example =
                !isNeeded && !Media(body).TryGetProperty("example", out _)
                    ? "{}"
                    : Media(body).GetProperty("example").GetRawText();
            return new(
                example.Replace(SeedProduct, product, StringComparison.Ordinal),
                Encoding.UTF8,
                "application/json"
            );
        }

        /// <summary>The body, or those of its members, that may be null by its schema.</summary>
        public IEnumerable<string> TakenNulls()
        {
            var check = new SchemaCheck(Document);
            var none = JsonSerializer.SerializeToElement<object?>(null);
            var schema = Media(Facts.GetProperty("requestBody")).GetProperty("schema");
            if (check.Errors(schema, none).Count == 0)
            {
                return [$"{Name}: body"];
            }

            return Document
                .GetProperty("components")
                .GetProperty("schemas")
                .GetProperty(schema.GetProperty("$ref").GetString()!.Split('/')[^1])
                .GetProperty("properties")
                .EnumerateObject()
                .Where(member => check.Errors(member.Value, none).Count == 0)
                .Select(member => $"{Name}: {member.Name}");
        }

        /// <summary>Where the answer is not what the description says: status, media type, body, headers.</summary>
        public List<string> Disagreements(Answer answer)
        {
            var status = ((int)answer.Status).ToString(System.Globalization.CultureInfo.InvariantCulture);
            if (!Facts.GetProperty("responses").TryGetProperty(status, out var response))
            {
                return [$"{Name} answered {status}, which is not described: {answer.Text}"];
            }

            var type = answer.Message.Content.Headers.ContentType?.MediaType ?? "none";
            if (!response.TryGetProperty("content", out var content) || !content.TryGetProperty(type, out var media))
            {
                return [$"{Name} answered {status} as {type}, which is not described"];
            }

            var body = type.EndsWith("json", StringComparison.Ordinal)
                ? answer.Json
                : JsonSerializer.SerializeToElement(answer.Text);
            var errors = new SchemaCheck(Document).Errors(media.GetProperty("schema"), body);
            var headers = response.GetProperty("headers").EnumerateObject().Select(header => header.Name);
            var always = headers.Intersect(
                ["X-Served-By", "traceresponse", "ETag", "Location"],
                StringComparer.Ordinal
            );
            return
            [
                .. errors.Select(error => $"{Name} {status}: {error}"),
                .. always
                    .Where(header => answer.Header(header) is null)
                    .Select(header => $"{Name} {status}: no {header}"),
            ];
        }

        private static JsonElement Media(JsonElement body) =>
            body.GetProperty("content").GetProperty("application/json");
    }
}
