using Npgsql;
using Shop.Api.Storage;
using Workshop.Tests.Fixtures;
using Xunit;

namespace Workshop.Tests.ShopApi.Storage;

/// <summary>What a commit says while the standby is away, with the guard and without, on real servers.</summary>
public sealed class CommitGuardTests(PostgresFixture postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);

    private const string WaitsForMirror =
        "SELECT bool_or(wait_event = 'SyncRep') FROM pg_stat_activity WHERE backend_type = 'client backend'";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_the_guard_a_cancelled_commit_says_success_and_the_row_is_gone_after_the_failover()
    {
        await using var armed = await SynchronousPair.Create(postgres, Ct);
        await armed.Standby.Kill(Ct);

        await using (var writing = await NoteTransaction.Begin(armed.Primary, Ct))
        {
            await writing.Insert(1);
            using var impatience = new CancellationTokenSource();
            var commit = writing.Transaction.CommitAsync(impatience.Token);
            await armed.Until(armed.Primary, WaitsForMirror);
            await impatience.CancelAsync();
            // No exception: for the caller this is a commit like any other.
            await commit;
        }

        Assert.Equal([1], await armed.Notes(armed.Primary));
        await armed.FailOver(Ct);
        Assert.Empty(await armed.Notes(armed.Standby));
    }

    [Fact]
    public async Task With_the_guard_a_commit_waits_and_nothing_is_acknowledged_that_a_failover_loses()
    {
        await using var armed = await SynchronousPair.Create(postgres, Ct);
        await armed.Standby.Kill(Ct);

        var acknowledged = 0;
        await using var writing = await NoteTransaction.Begin(armed.Primary, Ct);
        await writing.Insert(1);
        var commit = writing.Commit();
        try
        {
            await commit.WaitAsync(Patience, Ct);
            acknowledged++;
        }
        catch (TimeoutException)
        {
            // Given up waiting; the commit itself goes on.
        }

        Assert.Equal(0, acknowledged);
        Assert.Empty(await armed.Notes(armed.Primary));
        await armed.FailOver(Ct);
        await Assert.ThrowsAsync<CommitUnknownException>(() => commit);
        Assert.Empty(await armed.Notes(armed.Standby));
    }

    [Fact]
    public async Task A_commit_that_was_given_up_waiting_for_ends_well_when_the_standby_is_back()
    {
        await using var armed = await SynchronousPair.Create(postgres, Ct);
        await armed.Standby.Kill(Ct);
        await using var writing = await NoteTransaction.Begin(armed.Primary, Ct);
        await writing.Insert(1);
        var commit = writing.Commit();
        await Assert.ThrowsAsync<TimeoutException>(() => commit.WaitAsync(Patience, Ct));

        await armed.Standby.Start(Ct);

        var position = await commit;
        Assert.NotNull(position);
        Assert.Equal(1u, position.Timeline);
        Assert.Equal([1], await armed.Notes(armed.Primary));
    }

    [Theory]
    [InlineData("SELECT bool_and(pg_cancel_backend(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep'")]
    [InlineData("SELECT bool_and(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep'")]
    public async Task A_wait_that_the_server_ends_is_an_unknown_commit(string ending)
    {
        await using var armed = await SynchronousPair.Create(postgres, Ct);
        await armed.Standby.Kill(Ct);
        await using var writing = await NoteTransaction.Begin(armed.Primary, Ct);
        await writing.Insert(1);
        var commit = writing.Commit();
        await armed.Until(armed.Primary, WaitsForMirror);

        await armed.On(armed.Primary, ending);

        await Assert.ThrowsAsync<CommitUnknownException>(() => commit);
        // The row is there, on this server alone: exactly what must not be called success.
        Assert.Equal([1], await armed.Notes(armed.Primary));

        // Who finds it there is not told so before the standby has it too, although reading it writes nothing.
        await using var repeated = await NoteTransaction.Begin(armed.Primary, Ct);
        Assert.True(await repeated.Has(1));
        var found = repeated.Commit();
        await Assert.ThrowsAsync<TimeoutException>(() => found.WaitAsync(Patience, Ct));
        await armed.Standby.Start(Ct);
        await found;
        await armed.FailOver(Ct);
        Assert.Equal([1], await armed.Notes(armed.Standby));
    }

    [Fact]
    public async Task A_commit_that_the_server_refuses_is_known_not_to_have_happened()
    {
        await using var writing = await NoteTransaction.Begin(await postgres.CreateDatabase(Ct), Ct);
        await writing.Run(NoteTransaction.Table);
        await writing.Run("CREATE TABLE replies (note int REFERENCES notes DEFERRABLE INITIALLY DEFERRED)");
        await writing.Run("INSERT INTO replies VALUES (7)");

        var refused = await Assert.ThrowsAsync<PostgresException>(writing.Commit);

        Assert.Equal(PostgresErrorCodes.ForeignKeyViolation, refused.SqlState);
    }

    [Fact]
    public async Task Work_that_failed_and_hid_its_error_is_not_committed_as_nothing()
    {
        await using var writing = await NoteTransaction.Begin(await postgres.CreateDatabase(Ct), Ct);
        await writing.Run(NoteTransaction.Table);
        await writing.Insert(1);
        await Assert.ThrowsAsync<PostgresException>(() => writing.Insert(1));

        var refused = await Assert.ThrowsAsync<PostgresException>(writing.Commit);

        Assert.Equal(PostgresErrorCodes.InFailedSqlTransaction, refused.SqlState);
    }
}
