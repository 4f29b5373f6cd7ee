using System.Net;
using LaboratoryBench.Processes;
using Xunit;

namespace Workshop.Tests.Shop.Api.Idempotency;

[Collection(nameof(ShopCrowdTests))]
public sealed class KilledInstanceTests(ShopFixture shop)
{
    private const int Buyers = 40;

    /// <summary>
    /// Every buyer sends one order with a key to an instance that is killed in the middle, and then the same one to another
    /// instance. Whatever became of the first one, each of them has bought once.
    /// </summary>
    [Fact]
    public async Task Orders_sent_to_an_instance_that_is_killed_are_made_once_by_the_other()
    {
        var ct = TestContext.Current.CancellationToken;
        var client = await shop.Client();
        await using var doomed = await ShopProcess.Start(shop.Database, "shop-api-doomed", ct);
        await using var other = await ShopProcess.Start(shop.Database, "shop-api-other", ct);
        var product = await client.NewProduct(1000);
        var keys = Enumerable.Range(0, Buyers).Select(_ => Guid.NewGuid().ToString()).ToList();

        var first = keys.Select(key => Try(doomed.Client, product, key)).ToList();
        await Task.WhenAny(first);
        await doomed.Kill();
        var answered = await Task.WhenAll(first);
        var second = await Task.WhenAll(keys.Select(key => UntilMade(other.Client, product, key, ct)));

        Assert.All(second, answer => Assert.Equal(HttpStatusCode.Created, answer.Status));
        Assert.Equal(1000 - Buyers, await client.Stock(product));
        foreach (var (before, after) in answered.Zip(second).Where(pair => pair.First is not null))
        {
            Assert.Equal(before!.Text, after.Text);
            Assert.Equal("true", after.Header("Idempotency-Replayed"));
        }
    }

    private static async Task<Answer?> Try(ShopClient client, string product, string key)
    {
        try
        {
            return await client.Order("killed", product, 1, ("Idempotency-Key", key));
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>
    /// PostgreSQL ends the work of the killed instance when it notices; until then the key is under way.
    /// </summary>
    private static Task<Answer> UntilMade(ShopClient client, string product, string key, CancellationToken ct) =>
        Eventually.Gives(() => client.Order("killed", product, 1, ("Idempotency-Key", key)), IsMade, ct);

    private static bool IsMade(Answer answer)
    {
        var isMade = answer.Status is HttpStatusCode.Created;
        Assert.True(isMade || answer.Header("Retry-After") is not null, "Nothing says when to come again.");
        return isMade;
    }
}
