using Microsoft.Extensions.Time.Testing;
using Shop.Api.Storage;
using Xunit;

namespace Workshop.Tests.ShopApi.Storage;

public sealed class TurnsTests : IDisposable
{
    private static readonly TimeSpan Left = TimeSpan.FromSeconds(2);

    private const int Max = 3;

    private readonly FakeTimeProvider time = new();
    private readonly Turns turns;

    public TurnsTests() => turns = new(Max, time);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => turns.Dispose();

    [Fact]
    public async Task A_turn_that_ends_is_the_next_ones()
    {
        var running = await TakeAll();
        var first = Take();
        var second = Take();
        Assert.False(first.IsCompleted);

        running[0].Dispose();

        using var turn = await first;
        Assert.False(second.IsCompleted);
    }

    [Fact]
    public async Task Who_has_waited_half_of_the_time_is_sent_away_so_that_turns_go_to_those_who_can_still_use_them()
    {
        var running = await TakeAll();
        var late = Take();
        time.Advance(Left / 4);
        var early = Take();
        time.Advance(Left / 4);

        await Assert.ThrowsAsync<StorageUnavailableException>(() => late);
        running[0].Dispose();
        using var turn = await early;
    }

    private Task<IDisposable> Take() => turns.Take(Left, Ct).AsTask();

    private Task<IDisposable[]> TakeAll() => Task.WhenAll(Enumerable.Range(0, Max).Select(_ => Take()));
}
