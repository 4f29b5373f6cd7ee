using System.Buffers.Text;
using System.Net;
using System.Text;
using Xunit;

namespace Workshop.Tests.Shop.Api.Errors;

/// <summary>An address is taken as the contract has it: no second form of an id, and no query parameter in silence.</summary>
[Collection(nameof(ShopTests))]
public sealed class HostileAddressTests(ShopFixture shop)
{
    private const string Id = "01941f2a-6660-7000-8000-000000000001";

    private const string Quantity = """{"quantity":1}""";

    /// <summary>Every route that has an id in its address.</summary>
    private static readonly (string Method, string Path, string Parameter, string? Body)[] IdRoutes =
    [
        ("GET", "/products/#", "id", null),
        ("PUT", "/products/#", "id", """{"stock":1}"""),
        ("DELETE", "/products/#", "id", null),
        ("GET", "/orders/nobody/#", "orderId", null),
        ("POST", "/orders/nobody/#/cancel", "orderId", null),
        ("PUT", "/cart/nobody/item/#", "productId", Quantity),
        ("DELETE", "/cart/nobody/item/#", "productId", null),
    ];

    /// <summary>What <see cref="Guid"/> reads, and is no id.</summary>
    private static readonly string[] OtherForms =
    [
        "%7B" + Id + "%7D",
        "(" + Id + ")",
        Id.Replace("-", "", StringComparison.Ordinal),
        "%20" + Id,
        Id + "%20",
        "%09" + Id,
        "0x941f2a-6660-7000-8000-000000000001",
        "%2B1941f2a-6660-7000-8000-000000000001",
        "%7B0x01941f2a,0x6660,0x7000,%7B0x80,0x00,0x00,0x00,0x00,0x00,0x00,0x01%7D%7D",
    ];

    public static TheoryData<string, string, string, string?> Malformed()
    {
        var cases = new TheoryData<string, string, string, string?>();
        foreach (var (method, path, parameter, body) in IdRoutes)
        {
            foreach (var form in OtherForms)
            {
                cases.Add(method, path.Replace("#", form, StringComparison.Ordinal), parameter, body);
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Malformed), DisableDiscoveryEnumeration = true)]
    public async Task An_id_in_another_form_is_a_400_that_names_it(
        string method,
        string path,
        string parameter,
        string? body
    ) => await AssertRefused(method, path, parameter, body);

    [Theory]
    [InlineData(Id, HttpStatusCode.OK)]
    [InlineData(" " + Id, HttpStatusCode.BadRequest)]
    [InlineData("+1941f2a-6660-7000-8000-000000000001", HttpStatusCode.BadRequest)]
    public async Task An_id_inside_of_a_place_in_a_list_has_the_same_form(string id, HttpStatusCode status)
    {
        var place = Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"products-Name|{id}|A"));

        var answer = await (await shop.Client()).Get($"/products?limit=1&after={place}");

        Assert.Equal(status, answer.Status);
    }

    [Fact]
    public async Task An_id_is_the_same_in_upper_case()
    {
        var client = await shop.Client();
        var product = await client.NewProduct(1);

        var answer = await client.Get($"/products/{product.ToUpperInvariant()}");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(product, answer["id"].GetString());
    }

    [Theory]
    [InlineData("GET", "/products/" + Id, null)]
    [InlineData("POST", "/products", """{"name":"N","price":1,"category":"C"}""")]
    [InlineData("PUT", "/products/" + Id, """{"stock":1}""")]
    [InlineData("DELETE", "/products/" + Id, null)]
    [InlineData("GET", "/categories", null)]
    [InlineData("POST", "/orders", """{"items":[{"productId":"01941f2a-6660-7000-8000-000000000001","quantity":1}]}""")]
    [InlineData("GET", "/orders/nobody", null)]
    [InlineData("GET", "/orders/nobody/" + Id, null)]
    [InlineData("POST", "/orders/nobody/" + Id + "/cancel", null)]
    [InlineData("POST", "/cart/nobody", """{"productId":"01941f2a-6660-7000-8000-000000000001","quantity":1}""")]
    [InlineData("GET", "/cart/nobody", null)]
    [InlineData("PUT", "/cart/nobody/item/" + Id, Quantity)]
    [InlineData("DELETE", "/cart/nobody/item/" + Id, null)]
    [InlineData("POST", "/cart/nobody/checkout", null)]
    public async Task A_query_parameter_that_a_route_does_not_know_is_a_400_that_names_it(
        string method,
        string path,
        string? body
    ) => await AssertRefused(method, path + "?colour=red", "colour", body);

    [Fact]
    public async Task A_cart_is_not_emptied_by_who_names_one_product_of_it()
    {
        var client = await shop.Client();
        var user = ShopClient.NewUser();
        var product = await client.NewProduct(1);
        await client.Post($"/cart/{user}", new { productId = product, quantity = 1 });

        await AssertRefused("DELETE", $"/cart/{user}?productId={product}", "productId", body: null);

        Assert.Equal(1, (await client.Get($"/cart/{user}"))["items"].GetArrayLength());
    }

    private async Task AssertRefused(string method, string path, string parameter, string? body)
    {
        var client = await shop.Client();

        var answer = body is null
            ? await client.Send(new(method), path, content: null)
            : await client.Raw(new(method), path, body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("application/problem+json", answer.Message.Content.Headers.ContentType?.MediaType);
        Assert.True(answer["errors"].TryGetProperty(parameter, out _), answer.Text);
    }
}
