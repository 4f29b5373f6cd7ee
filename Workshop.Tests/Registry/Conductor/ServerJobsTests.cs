using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Registry.Conductor;
using Xunit;

namespace Workshop.Tests.Registry.Conductor;

public sealed class ServerJobsTests
{
    private const string Server = "postgres-1";

    private readonly FakeTimeProvider time = new();
    private readonly ServerJobs jobs;

    public ServerJobsTests()
    {
        var options = new ConductorOptions
        {
            Mode = StorageMode.Basic,
            Policy = StandbyPolicy.Available,
            Servers = new Dictionary<string, string>(StringComparer.Ordinal),
        };
        jobs = new(time, new(options, new(time), NullLogger<Journal>.Instance));
    }

    [Fact]
    public void Starts_that_did_not_help_are_counted_until_the_server_answers()
    {
        Start(fails: true);
        Start(fails: false);
        Assert.Equal(2, jobs.StartsFailed(Server));

        jobs.NoteAnswer(Server);

        Assert.Equal(0, jobs.StartsFailed(Server));
    }

    [Fact]
    public void Half_a_minute_after_the_last_start_they_begin_anew()
    {
        Start(fails: true);
        Start(fails: true);
        time.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(2, jobs.StartsFailed(Server));

        time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(0, jobs.StartsFailed(Server));
    }

    [Fact]
    public void A_host_that_is_busy_with_the_server_is_no_failure()
    {
        jobs.Begin(Server, "start", () => throw new FenceException("busy"));
        Finish();

        Assert.Equal(0, jobs.StartsFailed(Server));
    }

    [Fact]
    public void What_was_done_is_told_once_and_what_failed_is_not()
    {
        Assert.Null(Start(fails: true));
        Assert.Equal("start", Start(fails: false));
        Assert.Null(jobs.TakeFinished(Server));
    }

    private string? Start(bool fails)
    {
        jobs.Begin(Server, "start", () => fails ? throw new HttpRequestException("refused") : Task.CompletedTask);
        return Finish();
    }

    private string? Finish()
    {
        // Longer than the pause after any of these.
        time.Advance(TimeSpan.FromSeconds(2));
        return jobs.TakeFinished(Server);
    }
}
