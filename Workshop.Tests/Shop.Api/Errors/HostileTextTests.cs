using System.Net;
using Xunit;

namespace Workshop.Tests.Shop.Api.Errors;

/// <summary>Text that works on what stands around it, shows nothing, or leads elsewhere in an address.</summary>
[Collection(nameof(ShopTests))]
public sealed class HostileTextTests(ShopFixture shop)
{
    [Theory]
    [InlineData("/orders", """{"userId":".","items":[]}""", "userId")]
    [InlineData("/orders", """{"userId":"..","items":[]}""", "userId")]
    [InlineData("/products", """{"name":"a\u0001b","price":1,"category":"C"}""", "name")]
    [InlineData("/products", """{"name":"a\u202Eb","price":1,"category":"C"}""", "name")]
    [InlineData("/products", """{"name":"a\u2066b","price":1,"category":"C"}""", "name")]
    [InlineData("/products", """{"name":"\u200B\u3164","price":1,"category":"C"}""", "name")]
    [InlineData("/products", """{"name":"two\nlines","price":1,"category":"C"}""", "name")]
    [InlineData("/products", """{"name":"N","price":1,"category":"C\u2028C"}""", "category")]
    [InlineData("/products", """{"name":"N","price":1,"category":"C","description":"a\tb"}""", "description")]
    [InlineData("/orders", """{"userId":null,"items":[]}""", "userId")]
    [InlineData("/cart/hostile/checkout", """{"expected":null}""", "expected")]
    [InlineData("/cart/hostile/checkout", """{"expected":5}""", "expected")]
    [InlineData("/cart/hostile/checkout", """{"expected":"\u0000"}""", "expected")]
    [InlineData("/cart/hostile/checkout", """{"digest":"x"}""", "digest")]
    [InlineData("/cart/hostile/checkout", "null", "body")]
    public async Task It_is_a_400_that_names_the_member(string path, string body, string member) =>
        await AssertRefused(HttpMethod.Post, path, body, member);

    /// <summary>Marks that have to be sorted, in the worst order: what is too long is found out before anybody waits.</summary>
    [Fact]
    public async Task Ten_thousand_marks_in_the_wrong_order_are_too_long_and_no_more()
    {
        var marks = string.Concat(new string('\u0344', 10_000), new string('\u0316', 16_000));
        var body = $$"""{"name":"N","price":1,"category":"C","description":"{{marks}}"}""";

        await AssertRefused(HttpMethod.Post, "/products", body, "description");
    }

    [Theory]
    [InlineData("""{"name":"N","expected":{"name":"a\u0001"}}""", "expected.name")]
    [InlineData("""{"name":"N","expected":{"price":-5}}""", "expected.price")]
    [InlineData("""{"name":"N","expected":{"stock":-1}}""", "expected.stock")]
    public async Task What_a_change_expects_could_be_a_product(string body, string member) =>
        await AssertRefused(HttpMethod.Put, $"/products/{Guid.CreateVersion7()}", body, member);

    private async Task AssertRefused(HttpMethod method, string path, string body, string member)
    {
        var answer = await (await shop.Client()).Raw(method, path, body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.True(answer["errors"].TryGetProperty(member, out _), answer.Text);
    }
}
