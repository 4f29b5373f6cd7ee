using System.Net;
using LaboratoryBench.Processes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Shop.Web.Redundancy.Buyers;
using Xunit;

namespace Workshop.Tests.Shop.Web.Redundancy.Buyers;

/// <summary>A naive buyer: one fixed server, once, without a key.</summary>
public sealed class NaiveBuyerTests
{
    private static readonly Guid Product = Guid.NewGuid();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(HttpStatusCode.Created, Outcome.Acknowledged)]
    [InlineData(HttpStatusCode.ServiceUnavailable, Outcome.Unknown)]
    [InlineData(HttpStatusCode.InternalServerError, Outcome.Unknown)]
    [InlineData(HttpStatusCode.Conflict, Outcome.Refused)]
    public async Task One_request_without_a_key_is_all_it_sends(HttpStatusCode status, Outcome outcome)
    {
        var hasKey = false;
        await using var server = await StubMember.Start(context =>
        {
            hasKey |= context.Request.Headers.ContainsKey("Idempotency-Key");
            context.Response.StatusCode = (int)status;
            return status is HttpStatusCode.Created
                ? context.Response.WriteAsJsonAsync(
                    new
                    {
                        id = Product,
                        userId = "ada",
                        items = Array.Empty<object>(),
                        total = 1.0,
                        status = "confirmed",
                        createdAt = DateTimeOffset.UnixEpoch,
                    }
                )
                : Task.CompletedTask;
        });

        var purchase = await Buy(new Uri(server.Url).Authority);

        Assert.Equal(outcome, purchase.Outcome);
        Assert.True(purchase.Naive);
        Assert.Equal(1, server.Asked);
        Assert.False(hasKey);
    }

    [Fact]
    public async Task A_server_that_is_gone_is_an_error_and_nobody_else_is_asked()
    {
        var purchase = await Buy($"localhost:{FreePorts.Next()}");

        Assert.Equal(Outcome.Unknown, purchase.Outcome);
        Assert.Equal("The server is not answering right now. Try again in a moment.", purchase.Reason);
    }

    [Fact]
    public async Task The_first_live_server_is_asked_for_once()
    {
        await using var shop = await StubShop.Start();
        await using var storefront = shop.Storefront();
        await using var scope = storefront.Services.CreateAsyncScope();

        var server = await scope.ServiceProvider.GetRequiredService<NaiveServer>().Find(Ct);

        Assert.Equal("shop-api-1", server!.Instance);
        Assert.Equal("localhost:3001", server.Address);
    }

    private static async Task<Purchase> Buy(string address)
    {
        await using var storefront = new StorefrontServer();
        await using var scope = storefront.Services.CreateAsyncScope();
        return await scope
            .ServiceProvider.GetRequiredService<NaiveBuyer>()
            .Buy(address, "ada", Product, TimeProvider.System.GetTimestamp());
    }
}
