using Microsoft.AspNetCore.Http;
using Shop.Api.Requests;
using Workshop.ServiceDefaults.Errors;
using Xunit;

namespace Workshop.Tests.Shop.Api.Requests;

/// <summary>What stands in a query string is what was meant, to the last character.</summary>
public sealed class QueryReaderTests
{
    [Theory]
    [InlineData("limit=5", true)]
    [InlineData("limit=5%00", false)]
    [InlineData("price=5.5", true)]
    [InlineData("price=5%00", false)]
    [InlineData("inStock=TRUE", true)]
    [InlineData("inStock=%20true", false)]
    [InlineData("inStock=true%00", false)]
    [InlineData("search=caf%C3%A9", true)]
    [InlineData("search=100%25", true)]
    [InlineData("search=%F0%9F%8D%B5+tea", true)]
    [InlineData("search=%FF", false)]
    [InlineData("search=%ED%A0%80", false)]
    [InlineData("search=%C3", false)]
    [InlineData("search=%zz", false)]
    [InlineData("search=5%", false)]
    [InlineData("search=5%2", false)]
    public void Malformed_values_are_refused_by_name(string query, bool isRight)
    {
        var context = new DefaultHttpContext();
        context.Request.QueryString = new("?" + query);
        var reader = new QueryReader(context.Request);
        reader.Whole("limit", 1, 500);
        reader.Amount("price");
        reader.Boolean("inStock");
        reader.Text("search", 200);

        if (isRight)
        {
            reader.Done();
        }
        else
        {
            var refused = Assert.Throws<InvalidRequestException>(reader.Done);
            Assert.Equal(query.Split('=')[0], Assert.Single(refused.Errors).Key);
        }
    }
}
