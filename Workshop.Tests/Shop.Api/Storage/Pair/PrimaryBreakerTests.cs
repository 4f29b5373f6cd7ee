using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Shop.Api.Storage.Pair;
using Workshop.ServiceDefaults.Loops;
using Xunit;

namespace Workshop.Tests.Shop.Api.Storage.Pair;

public sealed class PrimaryBreakerTests : IDisposable
{
    private readonly FakeTimeProvider time = new();
    private readonly SemaphoreSlim looked = new(0);
    private int looks;
    private Func<Task> look = () => throw new NpgsqlException("No suitable host was found.");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => looked.Dispose();

    [Fact]
    public async Task Nobody_waits_while_nothing_was_lost()
    {
        using var breaker = NewBreaker();

        await breaker.Passed(Ct);
        Assert.True(breaker.IsClosed);
        Assert.Equal(0, looks);
    }

    [Fact]
    public async Task After_a_loss_all_wait_and_one_looks_for_them()
    {
        using var breaker = NewBreaker();
        for (var request = 0; request < 50; request++)
        {
            breaker.Trip();
        }

        var waiting = Enumerable.Range(0, 50).Select(_ => breaker.Passed(Ct)).ToList();
        await looked.WaitAsync(Ct);
        await NextLook();

        Assert.Equal(2, Volatile.Read(ref looks));
        Assert.All(waiting, wait => Assert.False(wait.IsCompleted));
        look = () => Task.CompletedTask;
        await NextLook();
        await All(waiting);
        Assert.True(breaker.IsClosed);
    }

    [Fact]
    public async Task Who_waited_goes_on_a_few_at_a_time()
    {
        using var breaker = NewBreaker();
        breaker.Trip();
        var waiting = Enumerable.Range(0, 3 * PrimaryBreaker.Few).Select(_ => breaker.Passed(Ct)).ToList();

        breaker.Close();
        while (waiting.Count(wait => wait.IsCompleted) < PrimaryBreaker.Few)
        {
            await Task.Delay(1, Ct);
        }

        Assert.Equal(PrimaryBreaker.Few, waiting.Count(wait => wait.IsCompleted));
        await breaker.Passed(Ct);
        await All(waiting);
    }

    [Fact]
    public async Task The_conductors_word_lets_all_pass_although_a_look_hangs()
    {
        using var breaker = NewBreaker();
        look = () => new TaskCompletionSource().Task;
        breaker.Trip();
        var waiting = breaker.Passed(Ct);
        await looked.WaitAsync(Ct);

        breaker.Close();

        await waiting;
        Assert.True(breaker.IsClosed);
    }

    [Fact]
    public async Task An_error_that_does_not_pass_by_itself_is_each_requests_own()
    {
        using var breaker = NewBreaker();
        look = () => throw new PostgresException("", "FATAL", "FATAL", PostgresErrorCodes.InvalidPassword);

        breaker.Trip();

        await breaker.Passed(Ct);
    }

    [Fact]
    public async Task Who_is_tired_of_waiting_leaves()
    {
        using var breaker = NewBreaker();
        using var tired = new CancellationTokenSource();
        breaker.Trip();

        var waiting = breaker.Passed(tired.Token);
        await tired.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.False(breaker.IsClosed);
    }

    private PrimaryBreaker NewBreaker() =>
        new(
            time,
            new(time, NullLogger<Background>.Instance),
            _ =>
            {
                Interlocked.Increment(ref looks);
                looked.Release();
                return look();
            }
        );

    private async Task All(IReadOnlyCollection<Task> waiting)
    {
        while (!waiting.All(wait => wait.IsCompletedSuccessfully))
        {
            time.Advance(PrimaryBreaker.Step);
            await Task.Delay(1, Ct);
        }
    }

    /// <summary>The pause begins a moment after a look has failed, so time goes on until the next one.</summary>
    private async Task NextLook()
    {
        while (!await looked.WaitAsync(TimeSpan.FromMilliseconds(5), Ct))
        {
            time.Advance(PrimaryBreaker.Pause);
        }
    }
}
