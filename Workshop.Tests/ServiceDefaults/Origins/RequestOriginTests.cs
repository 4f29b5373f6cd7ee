using Microsoft.AspNetCore.Http;
using Workshop.ServiceDefaults.Origins;
using Xunit;

namespace Workshop.Tests.ServiceDefaults.Origins;

public sealed class RequestOriginTests
{
    private static readonly OriginOptions Options = new()
    {
        Hosts = ["192.168.1.20"],
        Allowed = ["http://localhost:5173"],
    };

    [Theory]
    [InlineData("localhost:3001", true)]
    [InlineData("LOCALHOST", true)]
    [InlineData("127.0.0.1:3001", true)]
    [InlineData("[::1]:3001", true)]
    [InlineData("192.168.1.20:3001", true)]
    [InlineData("192.168.1.21:3001", false)]
    [InlineData("evil.example", false)]
    [InlineData("localhost.evil.example:3001", false)]
    [InlineData("127.0.0.1.evil.example", false)]
    public void A_service_answers_to_its_own_names_alone(string host, bool isKnown) =>
        Assert.Equal(isKnown, RequestOrigin.IsKnownHost(new(host), Options));

    [Theory]
    [InlineData("GET", "http://evil.example", "cross-site", true)]
    [InlineData("HEAD", "http://evil.example", "cross-site", true)]
    [InlineData("POST", "", "", true)]
    [InlineData("POST", "http://localhost:3001", "same-origin", true)]
    [InlineData("POST", "", "none", true)]
    [InlineData("POST", "http://localhost:5173", "cross-site", true)]
    [InlineData("POST", "http://localhost:8080", "same-site", false)]
    [InlineData("POST", "http://evil.example", "", false)]
    [InlineData("POST", "null", "", false)]
    [InlineData("PUT", "", "cross-site", false)]
    [InlineData("DELETE", "", "same-site", false)]
    [InlineData("PATCH", "https://localhost:3001", "same-origin", false)]
    public void A_page_of_another_origin_writes_nothing(string method, string origin, string site, bool may)
    {
        var request = new DefaultHttpContext().Request;
        (request.Method, request.Scheme, request.Host) = (method, "http", new("localhost:3001"));
        request.Headers.Origin = origin;
        request.Headers["Sec-Fetch-Site"] = site;

        Assert.Equal(may, RequestOrigin.MayWrite(request, Options));
    }
}
