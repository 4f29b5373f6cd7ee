using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Shop.Api.Storage;
using Workshop.ServiceDefaults.Loops;
using Xunit;

namespace Workshop.Tests.Shop.Api.Storage;

/// <summary>What hangs holds its turn, until its server is not used any more.</summary>
public sealed class DatabaseTurnsTests : IDisposable
{
    private static readonly TimeSpan Left = TimeSpan.FromSeconds(2);

    private readonly FakeTimeProvider time = new();
    private readonly TaskCompletionSource work = new();
    private readonly TaskCompletionSource replaced = new();
    private readonly Background background;
    private readonly DatabaseTurns turns;

    public DatabaseTurnsTests()
    {
        background = new(time, NullLogger<Background>.Instance);
        turns = new(background, time);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => turns.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_turn_is_given_back_when_its_work_ends_or_another_server_is_used(bool ends)
    {
        for (var turn = 0; turn < ShopDataSources.MaxWrites; turn++)
        {
            turns.GiveBack(await turns.Writes.Take(Left, Ct), work.Task, replaced.Task);
        }

        var waiting = turns.Writes.Take(Left, Ct).AsTask();
        Assert.False(waiting.IsCompleted);

        (ends ? work : replaced).SetResult();

        using var mine = await waiting.WaitAsync(TimeSpan.FromSeconds(30), Ct);
    }

    [Fact]
    public async Task Reads_do_not_wait_for_writes()
    {
        for (var turn = 0; turn < ShopDataSources.MaxWrites; turn++)
        {
            turns.GiveBack(await turns.Writes.Take(Left, Ct), work.Task, replaced.Task);
        }

        using var mine = await turns.Reads.Take(Left, Ct);
    }

    [Fact]
    public async Task An_abandoned_commit_at_a_server_that_is_not_used_any_more_is_not_counted()
    {
        var abandoned = new AbandonedCommits(background, NullLogger<AbandonedCommits>.Instance);
        for (var commit = 0; commit < AbandonedCommits.Max; commit++)
        {
            abandoned.Add(work.Task, replaced.Task);
        }

        Assert.Equal(AbandonedCommits.Max, abandoned.Count);
        replaced.SetResult();
        for (var tries = 0; tries < 3_000 && abandoned.Count > 0; tries++)
        {
            await Task.Delay(10, Ct);
        }

        Assert.Equal(0, abandoned.Count);
    }

    [Fact]
    public void A_refusal_ends_the_silence_and_a_broken_session_does_not()
    {
        var silence = new Silence(time);
        time.Advance(Left);
        silence.Note(new NpgsqlException("broken", new IOException()));
        silence.Note(Refusal(PostgresErrorCodes.AdminShutdown));
        Assert.Equal(Left, silence.Length);

        silence.Note(new InvalidOperationException("wrapped", Refusal(PostgresErrorCodes.LockNotAvailable)));
        Assert.Equal(TimeSpan.Zero, silence.Length);
    }

    private static PostgresException Refusal(string state) => new("", "ERROR", "ERROR", state);
}
