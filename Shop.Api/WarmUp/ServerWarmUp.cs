using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Shop.Api.Storage;
using Workshop.ServiceDefaults.Health;

namespace Shop.Api.WarmUp;

/// <summary>
/// Once the server listens and the tables are there, it is its own first client: what the first requests pay for (code
/// that is not compiled yet, sessions that are not open yet) is paid before it says that it is healthy and gets a share of
/// the shoppers. A warm-up that fails or takes too long ends, and the server is healthy as it is.
/// </summary>
internal sealed class ServerWarmUp(
    WarmUpState state,
    SchemaGate schema,
    IServer server,
    IHostApplicationLifetime lifetime,
    IOptions<WarmUpOptions> options,
    TimeProvider time,
    ILogger<ServerWarmUp> logger
) : BackgroundService
{
    /// <summary>
    /// Rounds at a time, after the first: enough that the pools open some sessions, and few enough to leave the other server,
    /// which serves the shoppers meanwhile, its part of the machine.
    /// </summary>
    private const int AtATime = 3;

    /// <summary>
    /// Rounds between two looks at the compiler: enough that what each of them calls is compiled for speed.
    /// </summary>
    private const int BatchRounds = 15;

    /// <summary>The compiler begins with what it does in the background once nothing new was called for 100 ms.</summary>
    private static readonly TimeSpan BackgroundCompilation = TimeSpan.FromMilliseconds(120);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var rounds = 0;
        try
        {
            await lifetime.WaitUntilStarted(stoppingToken);
            await schema.Opened.WaitAsync(stoppingToken);
            using var limit = new CancellationTokenSource(options.Value.Limit, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stoppingToken);
            var started = time.GetTimestamp();
            using var http = Client();
            var routes = new HotRoutes(http);
            if (options.Value.Rounds > 0)
            {
                // Alone: what several would compile at the same time is compiled once.
                await routes.Round(either.Token);
                rounds = 1;
                await routes.Facts(either.Token);
            }

            var parallel = new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = either.Token };
            var compiler = new JitActivity();
            while (rounds < options.Value.Rounds)
            {
                await Parallel.ForAsync(
                    rounds,
                    Math.Min(rounds + BatchRounds, options.Value.Rounds),
                    parallel,
                    async (_, token) =>
                    {
                        await routes.Round(token);
                        Interlocked.Increment(ref rounds);
                    }
                );
                await Task.Delay(BackgroundCompilation, time, either.Token);
                if (compiler.HasCalmed())
                {
                    break;
                }
            }

            LogMessages.WarmedUp(logger, rounds, time.GetElapsedTime(started).TotalMilliseconds);
        }
        catch (Exception error) when (!stoppingToken.IsCancellationRequested)
        {
            LogMessages.WarmUpCutShort(logger, rounds, error.GetType().Name, error.Message);
        }
        finally
        {
            state.End(rounds);
        }
    }

    private HttpClient Client()
    {
        var addresses = server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses;
        var bound = addresses.Select(BindingAddress.Parse).First(address => address.Scheme is "http");
        var http = new HttpClient { BaseAddress = new UriBuilder("http", "localhost", bound.Port).Uri };
        http.DefaultRequestHeaders.Add(WarmUpState.Header, state.Mark);
        return http;
    }
}
