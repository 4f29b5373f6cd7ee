using LaboratoryBench.Processes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Primitives;
using Workshop.ServiceDefaults.Discovery;
using Workshop.ServiceDefaults.Loops;
using Xunit;

namespace Workshop.Tests.ServiceDefaults.Discovery;

/// <summary>A request that waits hears of every change of its service's instances.</summary>
public sealed class LeavingWatchTests : IDisposable
{
    private readonly CancellationTokenSource[] changes = [new(), new(), new()];

    private int looks;

    public void Dispose() => Array.ForEach(changes, change => change.Dispose());

    [Fact]
    public async Task An_instance_that_leaves_after_another_came_is_given_up()
    {
        using var watch = Watch(staysFor: 1);

        await Change(0);
        Assert.False(watch.Gone.IsCancellationRequested);

        await Change(1);
        await Eventually.Holds(
            () => Task.FromResult(watch.Gone.IsCancellationRequested),
            TestContext.Current.CancellationToken
        );
    }

    [Fact]
    public async Task A_request_that_has_its_answer_hears_no_more()
    {
        using (Watch(staysFor: 10))
        {
            await Change(0);
        }

        await changes[1].CancelAsync();
        Assert.Equal(1, looks);
    }

    private LeavingWatch Watch(int staysFor) =>
        new(
            new CancellationChangeToken(changes[0].Token),
            _ =>
            {
                looks++;
                return Task.FromResult<IChangeToken?>(
                    looks <= staysFor ? new CancellationChangeToken(changes[looks].Token) : null
                );
            },
            TimeSpan.Zero,
            new(TimeProvider.System, NullLogger<Background>.Instance)
        );

    /// <summary>Returns when it was heard.</summary>
    private async Task Change(int number)
    {
        await changes[number].CancelAsync();
        await Eventually.Holds(() => Task.FromResult(looks > number), TestContext.Current.CancellationToken);
    }
}
