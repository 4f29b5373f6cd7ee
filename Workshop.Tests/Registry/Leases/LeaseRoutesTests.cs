using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using LaboratoryBench.Processes;
using Workshop.ServiceDefaults.Tokens;
using Xunit;

namespace Workshop.Tests.Registry.Leases;

/// <summary>The contract of the naming service over real HTTP.</summary>
public sealed class LeaseRoutesTests : IAsyncLifetime
{
    private readonly RegistryServer registry = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => registry.DisposeAsync();

    [Fact]
    public async Task A_live_server_is_given_out()
    {
        // It is probed, so somebody must be there: the registry itself will do.
        await registry.Register("shop-api", "shop-api-1", registry.Port);

        var (status, body) = await Get("/getServer");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal($$"""{"code":200,"server":"localhost:{{registry.Port}}"}""", body.GetRawText());
    }

    [Fact]
    public async Task An_unknown_service_is_404_and_a_service_without_a_live_server_503()
    {
        var (unknown, unknownBody) = await Get("/getServer?service=nobody");
        Assert.Equal(HttpStatusCode.NotFound, unknown);
        Assert.Equal(404, unknownBody.GetProperty("code").GetInt32());
        Assert.Contains("nobody", unknownBody.GetProperty("error").GetString(), StringComparison.Ordinal);

        await registry.Register("shop-api", "shop-api-1", 3001);
        await registry.Writer.DeleteAsync("/services/shop-api/shop-api-1", Ct);
        var (none, noneBody) = await Get("/getServer?service=shop-api");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, none);
        Assert.Equal(503, noneBody.GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task Writing_needs_the_operator_token_and_the_join_token_is_not_enough()
    {
        await using var server = new RegistryServer(settings: (AccessTokens.JoinKey, "everybody's"));
        using var joiner = new HttpClient { BaseAddress = new(server.Address) };
        joiner.DefaultRequestHeaders.Authorization = new("Bearer", "everybody's");
        var body = new { address = "localhost:3001" };
        using var none = await server.Reader.PutAsJsonAsync("/services/shop-api/shop-api-1", body, Ct);
        using var join = await joiner.PutAsJsonAsync("/services/shop-api/shop-api-1", body, Ct);
        using var conductor = await joiner.PostAsync("/conductor/promote", null, Ct);

        Assert.Equal(
            [HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden, HttpStatusCode.Forbidden],
            [none.StatusCode, join.StatusCode, conductor.StatusCode]
        );
    }

    [Fact]
    public async Task A_service_that_a_new_registry_does_not_know_is_503_until_a_lease_has_passed()
    {
        await using var fresh = new RegistryServer(settings: ("Registry:NewFor", "00:00:05"));
        foreach (var path in new[] { "/getServer", "/getServer?service=nobody", "/services/shop-api" })
        {
            using var answer = await fresh.Reader.GetAsync(path, Ct);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.Equal("1", answer.Headers.GetValues("Retry-After").Single());
        }

        await Eventually.Holds(
            async () =>
            {
                using var answer = await fresh.Reader.GetAsync("/services/shop-api", Ct);
                return answer.StatusCode is HttpStatusCode.NotFound;
            },
            Ct
        );
    }

    [Fact]
    public async Task An_instance_without_requests_has_its_reason_on_every_route()
    {
        // Nobody listens there.
        await registry.Register("gone", "gone-1", FreePorts.Next());
        string? reason = null;
        for (var look = 0; reason is null; look++)
        {
            Assert.True(look < 100, "The server that refuses has no reason.");
            await Task.Delay(50, Ct);
            reason = (await Get("/services/gone")).Body.GetProperty("instances")[0].GetProperty("reason").GetString();
        }

        Assert.Equal("refused the connection", reason);
        var (status, body) = await Get("/getServer?service=gone");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("gone-1: refused", body.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Registering_is_201_first_and_200_after_and_shows_in_the_list()
    {
        var address = string.Create(CultureInfo.InvariantCulture, $"localhost:{registry.Port}");
        var body = new { address };

        Assert.Equal(HttpStatusCode.Created, await Put("/services/shop-api/shop-api-1", body));
        Assert.Equal(HttpStatusCode.OK, await Put("/services/shop-api/shop-api-1", body));

        var (_, service) = await Get("/services/shop-api");
        var instance = service.GetProperty("instances")[0];
        Assert.Equal("shop-api-1", instance.GetProperty("instance").GetString());
        Assert.Equal(address, instance.GetProperty("address").GetString());
        Assert.Equal("live", instance.GetProperty("state").GetString());
        Assert.Equal(service.GetProperty("index").GetInt64(), instance.GetProperty("changeNumber").GetInt64());
        var (_, all) = await Get("/services");
        Assert.Equal("shop-api", all[0].GetProperty("service").GetString());
    }

    [Theory]
    [InlineData("http://localhost:3001")]
    [InlineData("localhost")]
    [InlineData("localhost:0")]
    [InlineData("localhost:65536")]
    [InlineData("localhost:3001/path")]
    [InlineData("me@localhost:3001")]
    [InlineData("local host:3001")]
    [InlineData(":3001")]
    [InlineData("")]
    public async Task An_address_that_is_not_host_and_port_is_400(string address) =>
        Assert.Equal(HttpStatusCode.BadRequest, await Put("/services/shop-api/shop-api-1", new { address }));

    [Theory]
    [InlineData("/services/shop-api/shop-api-1", """{ "address": "localhost:3001", "ttlSeconds": 0 }""")]
    [InlineData("/services/shop-api/shop-api-1", """{ "address": "localhost:3001", "ttlSeconds": 1e9 }""")]
    [InlineData("/services/shop-api/shop-api-1", """{ "address": "localhost:3001", "ttl": 5 }""")]
    [InlineData("/services/shop-api/shop-api-1", """{ "address": 3001 }""")]
    [InlineData("/services/shop-api/shop-api-1", "{ }")]
    [InlineData("/services/shop-api/shop-api-1", "not json")]
    [InlineData("/services/shop%20api/shop-api-1", """{ "address": "localhost:3001" }""")]
    [InlineData("/services/shop-api/-", """{ "address": "localhost:3001" }""")]
    public async Task A_registration_that_makes_no_sense_is_400(string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await registry.Writer.PutAsync(path, content, Ct);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer wrong")]
    [InlineData("Bearer")]
    [InlineData("Basic dGVzdC10b2tlbg==")]
    public async Task Without_the_join_token_nobody_writes(string? authorization)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, "/services/shop-api/shop-api-1");
        request.Content = new StringContent("not even json", Encoding.UTF8, "application/json");
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        using var response = await registry.Reader.SendAsync(request, Ct);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer", Assert.Single(response.Headers.WwwAuthenticate).Scheme);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        using var delete = await registry.Reader.DeleteAsync("/services/shop-api/shop-api-1", Ct);
        Assert.Equal(HttpStatusCode.Unauthorized, delete.StatusCode);
    }

    [Fact]
    public async Task Leaving_is_204_and_for_a_stranger_404()
    {
        await registry.Register("shop-api", "shop-api-1", 3001);

        using var left = await registry.Writer.DeleteAsync("/services/shop-api/shop-api-1", Ct);
        using var stranger = await registry.Writer.DeleteAsync("/services/shop-api/shop-api-9", Ct);

        Assert.Equal(HttpStatusCode.NoContent, left.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, stranger.StatusCode);
        var (_, service) = await Get("/services/shop-api");
        Assert.Equal("draining", service.GetProperty("instances")[0].GetProperty("state").GetString());
    }

    [Theory]
    [InlineData("/services/shop-api?wait=soon")]
    [InlineData("/services/shop-api?wait=30")]
    [InlineData("/services/shop-api?wait=-1s")]
    [InlineData("/services/shop-api?wait=1s&index=x")]
    public async Task A_long_poll_that_makes_no_sense_is_400(string path) =>
        Assert.Equal(HttpStatusCode.BadRequest, (await Get(path)).Status);

    [Fact]
    public async Task A_long_poll_hears_of_a_server_that_leaves()
    {
        await registry.Register("shop-api", "shop-api-1", registry.Port);
        var index = (await Get("/services/shop-api")).Body.GetProperty("index").GetInt64();

        var poll = Get($"/services/shop-api?wait=30s&index={index}");
        await registry.Writer.DeleteAsync("/services/shop-api/shop-api-1", Ct);

        var (_, service) = await poll.WaitAsync(TimeSpan.FromSeconds(30), Ct);
        Assert.True(service.GetProperty("index").GetInt64() > index);
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> Get(string path)
    {
        using var response = await registry.Reader.GetAsync(path, Ct);
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>(Ct));
    }

    private async Task<HttpStatusCode> Put(string path, object body)
    {
        using var response = await registry.Writer.PutAsJsonAsync(path, body, Ct);
        return response.StatusCode;
    }
}
