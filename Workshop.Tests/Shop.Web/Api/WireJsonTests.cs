using System.Text.Json;
using Shop.Web.Api;
using Shop.Web.Predictions;
using Shop.Web.Storefront;
using Xunit;

namespace Workshop.Tests.ShopWeb.Api;

/// <summary>An answer without what its reader needs is one that could not be read.</summary>
public sealed class WireJsonTests
{
    [Theory]
    [InlineData(typeof(ModelSchema), """{"prediction":0}""")]
    [InlineData(typeof(ModelSchema), """{"name":"iris","inputs":null}""")]
    [InlineData(typeof(ModelSchema), """{"name":"iris","inputs":[null]}""")]
    [InlineData(typeof(ModelSchema), """{"name":"iris","inputs":[{}]}""")]
    [InlineData(typeof(Cart), """{"userId":"a","total":1.00,"digest":"d"}""")]
    [InlineData(typeof(Cart), """{"userId":"a","items":[null],"total":1.00,"digest":"d"}""")]
    [InlineData(typeof(Order), """{"id":"01941f2a-6660-7000-8000-000000000001","total":1.00}""")]
    [InlineData(typeof(Member), """{"name":"m"}""")]
    public void A_record_without_its_members_is_unreadable(Type type, string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(json, type, WireJson.Options));

    [Theory]
    [InlineData(typeof(ModelSchema), """{"name":"iris","inputs":[{"name":"sepalLength"}],"more":1}""")]
    [InlineData(typeof(Cart), """{"userId":"a","items":[],"total":1.00,"digest":"d"}""")]
    [InlineData(typeof(ApiProblem), """{"status":409,"title":"Conflict"}""")]
    public void What_may_be_missing_may_be_missing_and_more_is_left_aside(Type type, string json) =>
        Assert.NotNull(JsonSerializer.Deserialize(json, type, WireJson.Options));
}
