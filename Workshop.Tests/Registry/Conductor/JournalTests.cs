using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Registry.Conductor;
using Registry.Conductor.StateMachine;
using Registry.Leases;
using Xunit;

namespace Workshop.Tests.Registry.Conductor;

/// <summary>What each of several registries knows of the last failover.</summary>
public sealed class JournalTests
{
    [Fact]
    public void A_later_failover_is_not_forgotten_for_an_earlier_one_of_whoever_leads_now()
    {
        var options = ConductorOptions.Read(
            new ConfigurationBuilder()
                .AddInMemoryCollection([
                    new("ConnectionStrings:postgres-1", "Host=localhost;Port=1"),
                    new("Workshop:Standby", "tcp://localhost:2"),
                ])
                .Build()
        )!;
        var journal = new Journal(options, new SteadyClock(TimeProvider.System), NullLogger<Journal>.Instance);

        journal.Take(Of(term: 5));
        journal.Take(Of(term: 4));
        Assert.Equal(5, journal.LastFailover?.Term);

        // The same one, of which more is known by now, and the next.
        journal.Take(Of(term: 5) with { To = "postgres-1" });
        Assert.Equal("postgres-1", journal.LastFailover?.To);
        journal.Take(Of(term: 6));
        Assert.Equal(6, journal.LastFailover?.Term);
    }

    private static global::Registry.Conductor.StateMachine.Failover Of(long term) =>
        default(FailoverClock).Finish(term, "postgres-1", "postgres-2", default, default);
}
