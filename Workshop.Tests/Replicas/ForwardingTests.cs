using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Workshop.Replicas;
using Workshop.ServiceDefaults.Connections;
using Xunit;

namespace Workshop.Tests.Replicas;

/// <summary>What the leader gets of a request that came to another replica.</summary>
public sealed class ForwardingTests
{
    private static readonly Uri Self = new("http://localhost:4100");

    private static readonly Uri Leader = new("http://localhost:4000");

    [Theory]
    [InlineData("127.0.0.1", "localhost:4100", false)]
    [InlineData("::1", "localhost:4100", false)]
    [InlineData("192.168.1.7", "192.168.1.2:4100", true)]
    [InlineData("127.0.0.1", "a.tunnel.example", true)]
    public void A_caller_of_another_machine_stays_one(string from, string host, bool isSaid)
    {
        var http = Request(host);
        http.Connection.RemoteIpAddress = IPAddress.Parse(from);

        using var message = Forwarding.Copy(http, Self, Leader);

        Assert.Equal(isSaid, message.Headers.Contains(ClientAddress.ForwardedFor));
    }

    [Fact]
    public void Route_body_and_headers_are_passed_on_and_who_did_it_is_said()
    {
        var http = Request("localhost:4100");
        http.Request.Headers.Authorization = "Bearer a token";
        http.Request.Headers["Idempotency-Key"] = "a key";
        http.Request.Headers.Connection = "keep-alive";
        http.Request.ContentType = "application/json";

        using var message = Forwarding.Copy(http, Self, Leader);

        Assert.Equal(HttpMethod.Post, message.Method);
        Assert.Equal("http://localhost:4000/iris/batches?a=%20b", message.RequestUri!.AbsoluteUri);
        Assert.Equal("a token", message.Headers.Authorization?.Parameter);
        Assert.Equal(["a key"], message.Headers.GetValues("Idempotency-Key"), StringComparer.Ordinal);
        Assert.Equal("application/json", message.Content!.Headers.ContentType?.MediaType);
        Assert.Equal(["localhost:4100"], message.Headers.GetValues(Forwarding.Hop), StringComparer.Ordinal);
        Assert.Empty(message.Headers.Connection);
        Assert.Null(message.Headers.Host);
    }

    /// <summary>A body of no bytes is a body, whose type would be missed.</summary>
    [Fact]
    public async Task A_request_without_a_body_is_passed_on_without_one()
    {
        var http = Request("localhost:4100");
        http.Request.Method = HttpMethods.Delete;
        http.Features.Set<IHttpRequestBodyDetectionFeature>(new NoBody());

        using var message = Forwarding.Copy(http, Self, Leader);

        await message.Content!.LoadIntoBufferAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, message.Content.Headers.ContentLength);
    }

    private static DefaultHttpContext Request(string host)
    {
        var http = new DefaultHttpContext();
        http.Request.Method = HttpMethods.Post;
        http.Request.Scheme = "http";
        http.Request.Host = new(host);
        http.Request.Path = "/iris/batches";
        http.Request.QueryString = new("?a=%20b");
        return http;
    }

    private sealed class NoBody : IHttpRequestBodyDetectionFeature
    {
        public bool CanHaveBody => false;
    }
}
