using System.Net;
using System.Net.Http.Json;
using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using Workshop.ServiceDefaults.Discovery;
using Xunit;

namespace Workshop.Tests.ServiceDefaults.Discovery;

/// <summary>Answers that come as fast as they can, and readers who join and lag: nobody misses the latest.</summary>
public sealed class ServiceWatchSchedulesTests
{
    private const int Readers = 8;

    private const int Answers = 60;

    private const int Rounds = 30;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_reader_comes_to_the_last_answer_and_never_goes_back()
    {
        await Gen.Select(Gen.Int[0, 3].Array[Answers], Gen.Int[0, 400].Array[Readers])
            .SampleAsync(
                async (pauses, spins) =>
                {
                    using var http = new HttpClient(new Registry(pauses)) { BaseAddress = new("http://registry") };
                    await using var watch = new ServiceWatch(
                        "shop-api",
                        http,
                        TimeProvider.System,
                        NullLogger.Instance
                    );
                    using var patience = CancellationTokenSource.CreateLinkedTokenSource(Ct);
                    patience.CancelAfter(TimeSpan.FromSeconds(10));
                    await Task.WhenAll(spins.Select(spin => Task.Run(() => ReadToTheEnd(watch, spin, patience.Token))));

                    var (addresses, changed) = watch.Routes;
                    Assert.Equal([Registry.AddressOf(Answers)], addresses);
                    Assert.False(changed.HasChanged);
                },
                iter: Rounds,
                threads: 1
            );
    }

    private static async Task ReadToTheEnd(ServiceWatch watch, int spin, CancellationToken ct)
    {
        var last = 0L;
        await foreach (var snapshot in watch.Follow(ct))
        {
            Assert.True(snapshot.Index >= last, $"{snapshot.Index} came after {last}.");
            last = snapshot.Index;
            if (last == Answers)
            {
                return;
            }

            Thread.SpinWait(spin);
        }
    }

    /// <summary>Answers each poll with the next change, sometimes after a while; after the last one it waits.</summary>
    private sealed class Registry(int[] pauses) : HttpMessageHandler
    {
        private int answered;

        public static string AddressOf(int index) => $"localhost:{index}";

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            if (answered == Answers)
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            if (pauses[answered] > 0)
            {
                await Task.Delay(pauses[answered], cancellationToken);
            }

            answered++;
            ServiceInstance[] instances =
            [
                new("shop-api-1", AddressOf(answered), "live", new Dictionary<string, string>(StringComparer.Ordinal)),
            ];
            return new(HttpStatusCode.OK)
            {
                Content = JsonContent.Create(new ServiceSnapshot("shop-api", answered, instances)),
            };
        }
    }
}
