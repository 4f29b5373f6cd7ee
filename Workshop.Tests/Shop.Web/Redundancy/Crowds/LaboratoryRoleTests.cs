using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Shop.Web.Redundancy.Buyers;
using Shop.Web.Redundancy.Crowds;
using Workshop.Tests.Shop.Api;
using Xunit;

namespace Workshop.Tests.Shop.Web.Redundancy.Crowds;

/// <summary>Customers in a process of their own: a storefront sends them, and hears of them and of their loss.</summary>
[Collection(nameof(ShopTests))]
public sealed class LaboratoryRoleTests(ShopFixture shop)
{
    private const string Token = "the operator's";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_customers_of_a_plan_buy_and_each_purchase_is_told()
    {
        var product = await (await shop.Client()).NewProduct(stock: 100);
        await using var laboratory = await Laboratory();
        await using var storefront = Storefront(laboratory);
        var before = await (await shop.Client()).Stock(product);
        List<CrowdNews> heard = [];

        await foreach (var news in Crowd(storefront).Send(Plan(product, orders: 8), CancellationToken.None, Ct))
        {
            heard.Add(news);
        }

        Assert.Equal(new(0, BeganAt: heard[0].BeganAt!.Value), heard[0]);
        Assert.All(heard.Skip(1), news => Assert.Null(news.BeganAt));
        Assert.Equal(0, heard[^1].UnderWay);
        var purchases = heard.Select(news => news.Ended).OfType<Purchase>().ToList();
        Assert.Equal(8, purchases.Count);
        Assert.All(purchases, purchase => Assert.Equal(Outcome.Acknowledged, purchase.Outcome));
        Assert.Equal(before - 8, await (await shop.Client()).Stock(product));
    }

    [Fact]
    public async Task Who_is_told_to_stop_finishes_and_nobody_more_comes()
    {
        var product = await (await shop.Client()).NewProduct(stock: 1000);
        await using var laboratory = await Laboratory();
        await using var storefront = Storefront(laboratory);
        using var stop = new CancellationTokenSource();
        var bought = 0;

        await foreach (var news in Crowd(storefront).Send(Plan(product, orders: 500), stop.Token, Ct))
        {
            bought += news.Ended is { Outcome: Outcome.Acknowledged } ? 1 : 0;
            Assert.Null(news.Lost);
            if (bought == 3)
            {
                await stop.CancelAsync();
            }
        }

        Assert.InRange(bought, 3, 400);
        Assert.Equal(1000 - bought, await (await shop.Client()).Stock(product));
    }

    [Fact]
    public async Task A_laboratory_that_is_lost_is_the_last_news()
    {
        var product = await (await shop.Client()).NewProduct(stock: 1000);
        await using var laboratory = await Laboratory();
        await using var storefront = Storefront(laboratory);
        List<CrowdNews> heard = [];
        var end = Task.CompletedTask;

        await foreach (var news in Crowd(storefront).Send(Plan(product, orders: 500), CancellationToken.None, Ct))
        {
            heard.Add(news);
            if (heard.Count == 5)
            {
                end = laboratory.DisposeAsync().AsTask();
            }
        }

        await end;
        Assert.NotNull(heard[^1].Lost);
        await foreach (var news in Crowd(storefront).Send(Plan(product, orders: 1), CancellationToken.None, Ct))
        {
            Assert.NotNull(news.Lost);
        }
    }

    [Fact]
    public async Task The_wire_from_the_customers_to_a_server_is_cut_in_their_process_and_taken_out_again()
    {
        var client = await shop.Client();
        var product = await client.NewProduct(stock: 100);
        var server = new DnsEndPoint(client.Http.BaseAddress!.Host, client.Http.BaseAddress.Port);
        await using var laboratory = await Laboratory();
        await using var storefront = Storefront(laboratory);
        var crowd = Crowd(storefront);

        Assert.Null(await crowd.PutWire(server, new(Cut: true, Milliseconds: 0, Break: false)));
        var (ended, waiting) = (new TaskCompletionSource(), true);
        var buying = Task.Run(
            async () =>
            {
                await foreach (var news in crowd.Send(Plan(product, orders: 1), CancellationToken.None, Ct))
                {
                    if (news.Ended is not null)
                    {
                        Assert.False(Volatile.Read(ref waiting));
                        ended.SetResult();
                    }
                }
            },
            Ct
        );
        await Task.Delay(TimeSpan.FromSeconds(1), Ct);
        Volatile.Write(ref waiting, false);
        await crowd.TakeOutWire(server);

        await ended.Task.WaitAsync(TimeSpan.FromSeconds(60), Ct);
        await buying;
        Assert.Equal(99, await client.Stock(product));
    }

    [Theory]
    [InlineData("""{"run":"","products":["{p}"],"ratePerSecond":1,"orders":1,"naiveServer":null}""", "run")]
    [InlineData("""{"run":"a/b","products":["{p}"],"ratePerSecond":1,"orders":1,"naiveServer":null}""", "run")]
    [InlineData("""{"run":"a","products":[],"ratePerSecond":1,"orders":1,"naiveServer":null}""", "products")]
    [InlineData("""{"run":"a","products":["{p}"],"ratePerSecond":51,"orders":1,"naiveServer":null}""", "ratePerSecond")]
    [InlineData("""{"run":"a","products":["{p}"],"ratePerSecond":1,"orders":121,"naiveServer":null}""", "orders")]
    [InlineData("""{"run":"a","products":["{p}"],"ratePerSecond":1,"orders":1,"naiveServer":"a/b"}""", "naiveServer")]
    public async Task A_plan_that_cannot_be_is_refused_with_the_member(string plan, string member)
    {
        await using var laboratory = await Laboratory();
        using var client = Client(laboratory, Token);
        using var body = new StringContent(
            plan.Replace("{p}", $"{Guid.NewGuid()}", StringComparison.Ordinal),
            System.Text.Encoding.UTF8,
            "application/json"
        );

        using var answer = await client.PostAsync(new Uri("crowds", UriKind.Relative), body, Ct);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains($"\"{member}\"", await answer.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_works_for_the_operator_alone_and_has_no_pages()
    {
        await using var laboratory = await Laboratory();
        using var stranger = Client(laboratory, token: null);
        using var operators = Client(laboratory, Token);
        var plan = Plan($"{Guid.NewGuid()}", orders: 1);

        using var refused = await stranger.PostAsJsonAsync(new Uri("crowds", UriKind.Relative), plan, Ct);
        using var unknown = await operators.DeleteAsync(new Uri("crowds/nobody", UriKind.Relative), Ct);
        using var nowhere = await operators.DeleteAsync(new Uri("wires/nowhere", UriKind.Relative), Ct);
        using var page = await operators.GetAsync(new Uri("redundancy", UriKind.Relative), Ct);
        using var alive = await operators.GetAsync(new Uri("alive", UriKind.Relative), Ct);

        Assert.Equal(
            [
                HttpStatusCode.Unauthorized,
                HttpStatusCode.NotFound,
                HttpStatusCode.BadRequest,
                HttpStatusCode.NotFound,
                HttpStatusCode.OK,
            ],
            [refused.StatusCode, unknown.StatusCode, nowhere.StatusCode, page.StatusCode, alive.StatusCode]
        );
    }

    private static CrowdPlan Plan(string product, int orders) => new("a0", [Guid.Parse(product)], 50, orders, null);

    private static ICrowd Crowd(StorefrontServer storefront) => storefront.Services.GetRequiredService<ICrowd>();

    private static HttpClient Client(StorefrontServer laboratory, string? token)
    {
        var client = new HttpClient { BaseAddress = laboratory.Address };
        client.DefaultRequestHeaders.Authorization = token is null ? null : new("Bearer", token);
        return client;
    }

    private async Task<StorefrontServer> Laboratory() =>
        new(
            ("Workshop:Role", "laboratory"),
            ("Workshop:OperatorToken", Token),
            ("services:shop-api:http:0", (await shop.Client()).Http.BaseAddress!.ToString())
        );

    private static StorefrontServer Storefront(StorefrontServer laboratory) =>
        new(("Workshop:OperatorToken", Token), ("services:laboratory:http:0", laboratory.Address.ToString()));
}
