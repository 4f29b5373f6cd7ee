using System.Net;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Shop.Web.Api;
using Shop.Web.Redundancy.Buyers;
using Shop.Web.Redundancy.Wires;

namespace Shop.Web.Redundancy.Crowds;

/// <summary>A crowd in this process.</summary>
/// <param name="services">Makes the shop client of each buyer.</param>
/// <param name="wires">From here to the shop.</param>
/// <param name="time">When each comes.</param>
internal sealed class Crowd(IServiceScopeFactory services, BuyerWires wires, TimeProvider time) : ICrowd
{
    /// <summary>Buyers come again under these many names.</summary>
    private const int Names = 10;

    /// <summary>Purchases of one kind of buyers that may be under way at once; beyond that, they wait.</summary>
    private const int MaxUnderWay = 200;

    public Task<string?> Prepare(CancellationToken ct) => Task.FromResult<string?>(null);

    public async IAsyncEnumerable<CrowdNews> Send(
        CrowdPlan plan,
        CancellationToken stop,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        // As many as the plan has purchases, at most twice.
        var news = Channel.CreateUnbounded<CrowdNews>();
        var began = time.GetUtcNow();
        var ended = Everybody(new(plan, news.Writer, time.GetTimestamp(), stop, ct));
        try
        {
            yield return new(0, BeganAt: began);
            await foreach (var one in news.Reader.ReadAllAsync(CancellationToken.None))
            {
                yield return one;
            }
        }
        finally
        {
            await ended;
        }
    }

    public Task<ApiProblem?> PutWire(DnsEndPoint server, WireRequest behaviour)
    {
        var proxy = wires.Put(server);
        proxy.Delay = TimeSpan.FromMilliseconds(behaviour.Milliseconds);
        proxy.IsCut = behaviour.Cut;
        if (behaviour.Break)
        {
            proxy.Break();
        }

        return Task.FromResult<ApiProblem?>(null);
    }

    public Task TakeOutWire(DnsEndPoint server) => wires.TakeOut(server);

    /// <summary>Both kinds at once: neither waits for the other.</summary>
    private async Task Everybody(Visit visit)
    {
        try
        {
            var plan = visit.Plan;
            await Task.WhenAll(
                Come(visit, n => One(visit, $"lab-{plan.Run}-{n % Names}", ProductOf(n))),
                plan.NaiveServer is { } naive
                    ? Come(visit, n => One(visit, naive, $"lab-{plan.Run}-naive-{n % Names}", ProductOf(n)))
                    : Task.CompletedTask
            );

            Guid ProductOf(int n) => plan.Products[n % plan.Products.Count];
        }
        finally
        {
            visit.News.Complete();
        }
    }

    /// <summary>Lets buyers come one after another, at the plan's rate, however long each of them takes.</summary>
    private async Task Come(Visit visit, Func<int, Task<Purchase>> buy)
    {
        using var permits = new SemaphoreSlim(MaxUnderWay);
        var between = TimeSpan.FromSeconds(1) / visit.Plan.RatePerSecond;
        List<Task> buyers = [];
        try
        {
            for (var n = 0; n < visit.Plan.Orders && !visit.Stop.IsCancellationRequested; n++)
            {
                var due = (between * n) - time.GetElapsedTime(visit.Start);
                if (due > TimeSpan.Zero)
                {
                    await Task.Delay(due, time, visit.Stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }

                await permits.WaitAsync(visit.Ending);
                buyers.Add(Enter(n));
            }
        }
        finally
        {
            await Task.WhenAll(buyers);
        }

        async Task Enter(int n)
        {
            visit.Began();
            try
            {
                visit.Ended(await buy(n));
            }
            finally
            {
                permits.Release();
            }
        }
    }

    private async Task<Purchase> One(Visit visit, string user, Guid product)
    {
        await using var scope = services.CreateAsyncScope();
        var buyer = scope.ServiceProvider.GetRequiredService<Buyer>();
        return await buyer.Buy(user, product, visit.Start, visit.Ending);
    }

    private async Task<Purchase> One(Visit visit, string server, string user, Guid product)
    {
        await using var scope = services.CreateAsyncScope();
        var buyer = scope.ServiceProvider.GetRequiredService<NaiveBuyer>();
        return await buyer.Buy(server, user, product, visit.Start);
    }

    /// <summary>One crowd on its way.</summary>
    /// <param name="Plan">Who and what.</param>
    /// <param name="News">Gets what happens.</param>
    /// <param name="Start">Timestamp of its start.</param>
    /// <param name="Stop">Nobody more comes.</param>
    /// <param name="Ending">Ends everything.</param>
    private sealed record Visit(
        CrowdPlan Plan,
        ChannelWriter<CrowdNews> News,
        long Start,
        CancellationToken Stop,
        CancellationToken Ending
    )
    {
        private int underWay;

        internal void Began() => News.TryWrite(new(Interlocked.Increment(ref underWay)));

        internal void Ended(Purchase purchase) => News.TryWrite(new(Interlocked.Decrement(ref underWay), purchase));
    }
}
