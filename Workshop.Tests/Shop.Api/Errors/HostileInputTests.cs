using System.Net;
using System.Text;
using Xunit;

namespace Workshop.Tests.Shop.Api.Errors;

/// <summary>Whatever is sent, wherever: a clear 4xx as problem+json, and never a 500, SQL, or a stack trace.</summary>
[Collection(nameof(ShopTests))]
public sealed class HostileInputTests(ShopFixture shop)
{
    private const string SomeId = "01941f2a-6660-7000-8000-000000000001";

    /// <summary>
    /// Every route that reads a body, with a body that it takes and the member that is broken in turn.
    /// </summary>
    private static readonly (string Method, string Path, string Body, string Member)[] BodyRoutes =
    [
        ("POST", "/products", """{"name":"N","price":1.00,"category":"C","stock":#}""", "stock"),
        ("POST", "/products", """{"name":"N","price":#,"category":"C"}""", "price"),
        ("POST", "/products", """{"name":#,"price":1.00,"category":"C"}""", "name"),
        ("POST", "/products", """{"name":"N","price":1.00,"category":"C","description":#}""", "description"),
        ("PUT", "/products/" + SomeId, """{"stock":#}""", "stock"),
        ("PUT", "/products/" + SomeId, """{"price":#}""", "price"),
        ("PUT", "/products/" + SomeId, """{"name":#}""", "name"),
        (
            "POST",
            "/orders",
            """{"items":[{"productId":"01941f2a-6660-7000-8000-000000000001","quantity":#}]}""",
            "items[0].quantity"
        ),
        ("POST", "/orders", """{"items":[{"productId":#,"quantity":1}]}""", "items[0].productId"),
        ("POST", "/orders", """{"items":#}""", "items"),
        ("POST", "/cart/hostile", """{"productId":"01941f2a-6660-7000-8000-000000000001","quantity":#}""", "quantity"),
        ("POST", "/cart/hostile", """{"productId":#,"quantity":1}""", "productId"),
        ("PUT", "/cart/hostile/item/" + SomeId, """{"quantity":#}""", "quantity"),
    ];

    /// <summary>Values that no member takes.</summary>
    private static readonly string[] BadValues =
    [
        "null",
        "NaN",
        "Infinity",
        "1e400",
        "-1e400",
        "99999999999999999999999999",
        "-1",
        "true",
        "{}",
        "[[]]",
        "\"\\u0000\"",
        "\"\\ud800\"",
        "\"\\udc00\\ud800\"",
        "\"\\x\"",
        "\"tab\tinside\"",
        "'single'",
        "0x10",
        "01",
        "+1",
        "1.",
        ".5",
        "",
    ];

    public static TheoryData<string, string, string, string> BadMembers()
    {
        var cases = new TheoryData<string, string, string, string>();
        foreach (var (method, path, body, member) in BodyRoutes)
        {
            foreach (var value in BadValues)
            {
                cases.Add(method, path, body.Replace("#", value, StringComparison.Ordinal), member);
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(BadMembers), DisableDiscoveryEnumeration = true)]
    public async Task A_bad_value_is_a_400_that_names_a_member(string method, string path, string body, string member)
    {
        var answer = await (await shop.Client()).Raw(new(method), path, body);

        AssertProblem(answer, HttpStatusCode.BadRequest, path);
        var named = answer["errors"].EnumerateObject().Select(error => error.Name).ToList();
        Assert.Contains(named, name => name.StartsWith(member, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/products", """{"name":"N","price":1.001,"category":"C"}""", "price")]
    [InlineData("/products", """{"name":"N","price":1000000.01,"category":"C"}""", "price")]
    [InlineData("/products", """{"name":"N","price":-0.01,"category":"C"}""", "price")]
    [InlineData(
        "/products",
        """{"name":"N","price":0.00000000000000000000000000000000000001,"category":"C"}""",
        "price"
    )]
    [InlineData("/products", """{"name":"N","price":"1.00","category":"C"}""", "price")]
    [InlineData("/products", """{"name":"","price":1,"category":"C"}""", "name")]
    [InlineData("/products", """{"name":"   ","price":1,"category":"C"}""", "name")]
    [InlineData("/products", """{"name":"N","price":1,"category":""}""", "category")]
    [InlineData("/products", """{"name":"N","price":1,"category":"C","stock":1000001}""", "stock")]
    [InlineData("/products", """{"name":"N","price":1,"category":"C","stock":2147483648}""", "stock")]
    [InlineData("/products", """{"name":"N","price":1,"category":"C","stock":1.5}""", "stock")]
    [InlineData("/products", """{"name":"N","price":1,"category":"C","id":"x"}""", "id")]
    [InlineData("/products", """{"Name":"N","price":1,"category":"C"}""", "Name")]
    [InlineData("/products", """{"name":"N","name":"M","price":1,"category":"C"}""", "name")]
    [InlineData("/products", """{"price":1,"category":"C"}""", "name")]
    [InlineData("/orders", """{"items":[]}""", "items")]
    [InlineData("/orders", """{"items":[null]}""", "items[0]")]
    [InlineData("/orders", """{}""", "items")]
    [InlineData("/orders", """{"items":[{"productId":"01941f2a-6660-7000-8000-000000000001"}]}""", "items[0].quantity")]
    [InlineData(
        "/orders",
        """{"items":[{"productId":"01941f2a-6660-7000-8000-000000000001","quantity":1001}]}""",
        "items[0].quantity"
    )]
    [InlineData(
        "/orders",
        """{"items":[{"productId":"01941f2a-6660-7000-8000-000000000001","quantity":1,"price":0.01}]}""",
        "items[0].price"
    )]
    [InlineData("/orders", """{"userId":"a b","items":[]}""", "userId")]
    [InlineData("/orders", """{"userId":"","items":[]}""", "userId")]
    [InlineData(
        "/cart/hostile",
        """{"productId":"{01941f2a-6660-7000-8000-000000000001}","quantity":1}""",
        "productId"
    )]
    [InlineData("/cart/hostile", "null", "body")]
    [InlineData("/cart/hostile", "", "body")]
    [InlineData("/cart/hostile", "[]", "body")]
    [InlineData("/cart/hostile", "{", "body")]
    [InlineData("/cart/hostile", """{"productId":"01941f2a-6660-7000-8000-000000000001","quantity":1} x""", "body")]
    [InlineData("/cart/hostile", """{"productId":"01941f2a-6660-7000-8000-000000000001","quantity":1}{}""", "body")]
    [InlineData("/cart/hostile", """{/**/"productId":"01941f2a-6660-7000-8000-000000000001","quantity":1}""", "body")]
    [InlineData("/cart/hostile", """{"productId":"01941f2a-6660-7000-8000-000000000001","quantity":1,}""", "body")]
    [InlineData("/cart/a%20b", """{"productId":"01941f2a-6660-7000-8000-000000000001","quantity":1}""", "userId")]
    public async Task A_body_that_breaks_a_rule_is_a_400_that_names_the_member(string path, string body, string member)
    {
        var answer = await (await shop.Client()).Raw(HttpMethod.Post, path, body);

        AssertProblem(answer, HttpStatusCode.BadRequest, path);
        Assert.True(answer["errors"].TryGetProperty(member, out _), answer.Text);
    }

    [Theory]
    [InlineData("/products/abc", "id")]
    [InlineData("/products/01941f2a-6660-7000-8000-00000000000", "id")]
    [InlineData("/products/1;DROP%20TABLE%20products", "id")]
    [InlineData("/products?limit=0", "limit")]
    [InlineData("/products?limit=501", "limit")]
    [InlineData("/products?limit=-1", "limit")]
    [InlineData("/products?limit=1e2", "limit")]
    [InlineData("/products?limit=99999999999999999999", "limit")]
    [InlineData("/products?limit=", "limit")]
    [InlineData("/products?limit=1&limit=2", "limit")]
    [InlineData("/products?limit=1&LIMIT=2", "limit")]
    [InlineData("/products?colour=red", "colour")]
    [InlineData("/products?inStock=maybe", "inStock")]
    [InlineData("/products?minPrice=NaN", "minPrice")]
    [InlineData("/products?minPrice=-1", "minPrice")]
    [InlineData("/products?minPrice=1e400", "minPrice")]
    [InlineData("/products?maxPrice=99999999999999999999999999999999999", "maxPrice")]
    [InlineData("/products?sort=stock", "sort")]
    [InlineData("/products?sort=name;--", "sort")]
    [InlineData("/products?after=x", "after")]
    [InlineData("/products?after=!!!", "after")]
    [InlineData("/products?search=%00", "search")]
    [InlineData(
        "/products?sort=price&after=cHJvZHVjdHMtTmFtZXwwMTk0MWYyYS02NjYwLTcwMDAtODAwMC0wMDAwMDAwMDAwMDF8QQ",
        "after"
    )]
    [InlineData(
        "/products?sort=price&after=cHJvZHVjdHMtUHJpY2V8MDE5NDFmMmEtNjY2MC03MDAwLTgwMDAtMDAwMDAwMDAwMDAxfEE",
        "after"
    )]
    [InlineData("/orders/a%20b", "userId")]
    [InlineData("/orders/%E2%82%AC", "userId")]
    [InlineData("/orders/somebody?limit=x", "limit")]
    [InlineData("/orders/somebody?after=x", "after")]
    [InlineData("/orders/somebody?sort=name", "sort")]
    [InlineData("/orders/somebody/abc", "orderId")]
    [InlineData("/cart/a'b", "userId")]
    [InlineData("/cart/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "userId")]
    public async Task A_malformed_address_is_a_400_that_names_the_parameter(string path, string parameter)
    {
        var answer = await (await shop.Client()).Get(path);

        AssertProblem(answer, HttpStatusCode.BadRequest, path);
        Assert.True(answer["errors"].TryGetProperty(parameter, out _), answer.Text);
    }

    [Theory]
    [InlineData("GET", "/nowhere", HttpStatusCode.NotFound)]
    [InlineData("GET", "/products/01941f2a-6660-7000-8000-0000000fffff", HttpStatusCode.NotFound)]
    [InlineData("DELETE", "/products/01941f2a-6660-7000-8000-0000000fffff", HttpStatusCode.NotFound)]
    [InlineData("GET", "/orders/somebody/01941f2a-6660-7000-8000-0000000fffff", HttpStatusCode.NotFound)]
    [InlineData("POST", "/orders/somebody/01941f2a-6660-7000-8000-0000000fffff/cancel", HttpStatusCode.NotFound)]
    [InlineData("PATCH", "/products", HttpStatusCode.MethodNotAllowed)]
    [InlineData("PUT", "/cart/somebody", HttpStatusCode.MethodNotAllowed)]
    public async Task What_is_not_there_is_a_problem_too(string method, string path, HttpStatusCode status)
    {
        var answer = await (await shop.Client()).Send(new(method), path, content: null);

        AssertProblem(answer, status, path);
        Assert.Equal(status == HttpStatusCode.MethodNotAllowed, answer.Header("Allow") is not null);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/xml")]
    public async Task A_body_that_is_not_json_is_a_415(string type)
    {
        var answer = await (await shop.Client()).Raw(HttpMethod.Post, "/orders", "items=1", type);

        AssertProblem(answer, HttpStatusCode.UnsupportedMediaType, "/orders");
    }

    [Theory]
    [InlineData("text/html", HttpStatusCode.NotAcceptable)]
    [InlineData("application/json;q=0", HttpStatusCode.NotAcceptable)]
    [InlineData("image/*", HttpStatusCode.NotAcceptable)]
    [InlineData("text/html, application/json;q=0.5", HttpStatusCode.OK)]
    [InlineData("application/*", HttpStatusCode.OK)]
    [InlineData("application/json; charset=UTF-8", HttpStatusCode.OK)]
    [InlineData("text/html,*/*;q=0.8", HttpStatusCode.OK)]
    public async Task A_client_that_does_not_take_json_is_told_so(string accept, HttpStatusCode status)
    {
        var answer = await (await shop.Client()).Get("/products", ("Accept", accept));

        Assert.Equal(status, answer.Status);
        if (status != HttpStatusCode.OK)
        {
            AssertProblem(answer, status, "/products");
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_over_64_KiB_is_a_413(bool lengthIsTold)
    {
        var body = $$"""{"name":"N","price":1,"category":"C","description":"{{new string('x', 70_000)}}"}""";
        using var told = new StringContent(body, Encoding.UTF8, "application/json");
        using var chunked = new StreamContent(new MemoryStream(Encoding.UTF8.GetBytes(body)));
        chunked.Headers.ContentType = new("application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/products")
        {
            Content = lengthIsTold ? told : chunked,
        };
        request.Headers.TransferEncodingChunked = !lengthIsTold;

        using var response = await (await shop.Client()).Http.SendAsync(request);

        AssertProblem(
            new(response.StatusCode, await response.Content.ReadAsStringAsync(), response),
            HttpStatusCode.RequestEntityTooLarge,
            "/products"
        );
    }

    [Theory]
    [InlineData(new byte[] { (byte)'{', (byte)'"', 0xff, 0xfe, (byte)'"', (byte)':', (byte)'1', (byte)'}' })]
    [InlineData(new byte[] { 0xff, 0xfe, (byte)'{', 0, (byte)'}', 0 })]
    [InlineData(new byte[] { 0xef, 0xbb, 0xbf, (byte)'{', (byte)'}' })]
    [InlineData(new byte[] { 0 })]
    [InlineData(new byte[] { (byte)'"', 0xc0, 0x80, (byte)'"' })]
    public async Task Bytes_that_are_no_text_are_a_400(byte[] bytes)
    {
        using var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new("application/json");

        var answer = await (await shop.Client()).Send(HttpMethod.Post, "/products", content);

        AssertProblem(answer, HttpStatusCode.BadRequest, "/products");
    }

    [Fact]
    public async Task Deep_nesting_is_a_400()
    {
        var answer = await (await shop.Client()).Raw(
            HttpMethod.Post,
            "/orders",
            """{"items":""" + new string('[', 30_000) + new string(']', 30_000) + "}"
        );

        AssertProblem(answer, HttpStatusCode.BadRequest, "/orders");
    }

    [Fact]
    public async Task Too_many_items_and_unknown_products_are_told_apart()
    {
        var client = await shop.Client();
        var ids = Enumerable.Range(0, 101).Select(_ => Guid.CreateVersion7()).ToList();
        object Body(int count) => new { items = ids.Take(count).Select(id => new { productId = id, quantity = 1 }) };

        var tooMany = await client.Post("/orders", Body(101));
        var unknown = await client.Post("/orders", Body(100));

        AssertProblem(tooMany, HttpStatusCode.BadRequest, "/orders");
        AssertProblem(unknown, HttpStatusCode.UnprocessableEntity, "/orders");
        Assert.Equal(100, unknown["missing"].GetArrayLength());
        Assert.All(ids.Take(100), id => Assert.Contains(id.ToString(), unknown.Text, StringComparison.Ordinal));
    }

    /// <summary>All that RFC 9457 and the contract want of a problem, and nothing of the inside.</summary>
    private static void AssertProblem(Answer answer, HttpStatusCode status, string path)
    {
        Assert.Equal(status, answer.Status);
        Assert.Equal("application/problem+json", answer.Message.Content.Headers.ContentType?.MediaType);
        Assert.Equal((int)status, answer["status"].GetInt32());
        Assert.NotEmpty(answer["type"].GetString()!);
        Assert.NotEmpty(answer["title"].GetString()!);
        // Validation is 400 alone.
        Assert.Equal(status == HttpStatusCode.BadRequest, answer.Json.TryGetProperty("errors", out _));
        Assert.NotEmpty(answer["detail"].GetString()!);
        Assert.Equal(path.Split('?')[0], answer["instance"].GetString(), ignoreCase: true);
        Assert.Matches("^[0-9a-f]{32}$", answer["traceId"].GetString());
        Assert.Contains(answer["traceId"].GetString()!, answer.Header("traceresponse")!, StringComparison.Ordinal);
        Assert.Equal("shop-api-1", answer.Header("X-Served-By"));
        foreach (var inside in new[] { "SELECT", "Npgsql", "   at ", "System.", "Shop.Api", "22P02" })
        {
            Assert.DoesNotContain(inside, answer.Text, StringComparison.Ordinal);
        }
    }
}
