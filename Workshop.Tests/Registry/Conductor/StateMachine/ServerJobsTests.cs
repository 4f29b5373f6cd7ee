using Registry.Conductor.StateMachine;
using Xunit;

namespace Workshop.Tests.Registry.Conductor.StateMachine;

public sealed class ServerJobsTests
{
    private DateTimeOffset now = DateTimeOffset.UnixEpoch;
    private ServerJobs jobs;

    [Fact]
    public void Starts_that_did_not_help_are_counted_until_the_server_answers()
    {
        Start(JobOutcome.Failed);
        Start(JobOutcome.Done);
        Assert.Equal(2, jobs.StartsFailed(now));

        Assert.Equal(0, jobs.Answered().StartsFailed(now));
    }

    [Fact]
    public void Half_a_minute_after_the_last_start_they_begin_anew()
    {
        Start(JobOutcome.Failed);
        Start(JobOutcome.Failed);
        now = jobs.FreeAt + TimeSpan.FromSeconds(29);
        Assert.Equal(2, jobs.StartsFailed(now));

        now += TimeSpan.FromSeconds(2);

        Assert.Equal(0, jobs.StartsFailed(now));
    }

    [Fact]
    public void A_host_that_is_busy_with_the_server_is_no_failure()
    {
        Start(JobOutcome.Busy);

        Assert.Equal(0, jobs.StartsFailed(now));
    }

    [Fact]
    public void What_helps_at_once_needs_no_pause_and_each_that_did_not_help_a_longer_one()
    {
        Start(JobOutcome.Done);
        Assert.False(jobs.IsBusy(now));
        Start(JobOutcome.Failed);
        Assert.Equal(TimeSpan.FromSeconds(1), jobs.FreeAt - now);
        now = jobs.FreeAt;
        Start(JobOutcome.Done);
        Assert.Equal(TimeSpan.FromSeconds(1.5), jobs.FreeAt - now);
    }

    private void Start(JobOutcome outcome) => jobs = jobs.Begin(JobKind.Start, 1, now).End(outcome, now);
}
