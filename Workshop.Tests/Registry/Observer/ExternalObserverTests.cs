using Registry.Conductor;
using Registry.Conductor.StateMachine;
using Registry.Observer;
using Xunit;

namespace Workshop.Tests.Registry.Observer;

/// <summary>What follows from what servers say where somebody else decides; no server, no clock.</summary>
public sealed class ExternalObserverTests
{
    private const string Any = """ANY 1 ("postgres-2", "postgres-3")""";

    private static readonly TimeSpan Near = TimeSpan.FromMilliseconds(20);

    private static readonly LastPrimary First = new("postgres-1", 1, "one");

    private static ConductorOptions Options(StorageMode mode = StorageMode.Synchronous) =>
        new()
        {
            Mode = mode,
            Policy = StandbyPolicy.Available,
            IsExternal = true,
            Servers = new Dictionary<string, string>(StringComparer.Ordinal),
        };

    private static ObservedServer Primary(
        string name,
        long timeline,
        string names = Any,
        string system = "one",
        params ObservedStream[] streams
    ) =>
        new(
            new(name, Reach.Answers),
            name,
            new(false, 100, null, false)
            {
                Timeline = timeline,
                System = system,
                SyncNames = names,
                Streams = streams,
            }
        );

    private static ObservedServer Standby(string name, TimeSpan? behind = null, bool isPaused = false) =>
        new(
            new(name, Reach.Answers, IsInRecovery: true),
            name,
            new(true, 90, 80, isPaused) { Timeline = 1, System = "one" },
            LagBytes: 10,
            Near,
            behind ?? Near
        );

    private static ObservedServer Gone(ObservedServer server, Reach reach = Reach.Refused, int refused = 3) =>
        server with
        {
            Facts = server.Facts with { Reach = reach, RefusedInARow = refused },
        };

    private static ObservedStream Stream(string name, string syncState = "quorum") => new(name, "streaming", syncState);

    [Fact]
    public void The_one_that_takes_writes_is_followed()
    {
        var choice = ExternalObserver.Choose([Standby("postgres-1"), Primary("postgres-2", 4)], last: null);

        Assert.Equal("postgres-2", choice.Primary?.Name);
        Assert.Equal(new("postgres-2", 4, "one"), choice.Last);
        Assert.Null(choice.Alarm);
    }

    [Fact]
    public void Of_two_that_take_writes_the_one_on_the_higher_timeline_is_followed_and_it_is_said()
    {
        var servers = new[] { Primary("postgres-1", 1), Primary("postgres-2", 2) };
        var choice = ExternalObserver.Choose(servers, First);
        var view = ExternalObserver.View(Options(), servers, choice);

        Assert.Equal("postgres-2", choice.Primary?.Name);
        Assert.Equal("none", ExternalObserver.Role(servers[0], choice));
        Assert.Contains("TWO PRIMARIES: postgres-1 (timeline 1)", view.RuleName, StringComparison.Ordinal);
        Assert.False(view.InSync);
        Assert.Equal(choice.Alarm, view.NotInSyncBecause);
    }

    [Fact]
    public void Nobody_goes_back_to_a_primary_of_before()
    {
        var second = new LastPrimary("postgres-2", 2, "one");
        var servers = new[] { Primary("postgres-1", 1), Gone(Primary("postgres-2", 2)) };
        var choice = ExternalObserver.Choose(servers, second);

        Assert.Null(choice.Primary);
        Assert.Equal(second, choice.Last);
        Assert.Contains("not followed", choice.Alarm, StringComparison.Ordinal);
        Assert.All(servers, server => Assert.Equal("none", ExternalObserver.Role(server, choice)));
    }

    [Fact]
    public void Of_two_on_the_same_timeline_the_followed_one_stays()
    {
        var servers = new[] { Primary("postgres-1", 2), Primary("postgres-2", 2) };

        Assert.Equal("postgres-2", ExternalObserver.Choose(servers, new("postgres-2", 2, "one")).Primary?.Name);
    }

    [Fact]
    public void Of_two_on_the_same_timeline_none_is_followed_where_nobody_was()
    {
        var servers = new[] { Primary("postgres-1", 2), Primary("postgres-2", 2) };
        var choice = ExternalObserver.Choose(servers, First);

        Assert.Null(choice.Primary);
        Assert.Contains("nobody can tell", choice.Alarm, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cluster_that_was_made_anew_begins_anew()
    {
        var fresh = Primary("postgres-1", 1, system: "two");

        Assert.Equal("postgres-1", ExternalObserver.Choose([fresh], new("postgres-2", 7, "one")).Primary?.Name);
        // As long as somebody of the old one is there, or was not heard yet, it is a stranger.
        Assert.Null(ExternalObserver.Choose([fresh, Standby("postgres-2")], new("postgres-2", 7, "one")).Primary);
    }

    [Fact]
    public void A_primary_keeps_its_role_until_it_is_down()
    {
        var suspect = Gone(Primary("postgres-1", 1), Reach.Silent, refused: 0);
        var dead = Gone(Primary("postgres-1", 1));
        var demoted = Standby("postgres-1");

        Assert.Equal("primary", Role(suspect));
        Assert.Equal("none", Role(dead));
        Assert.Equal("standby", Role(demoted));

        static string Role(ObservedServer server) =>
            ExternalObserver.Role(server, ExternalObserver.Choose([server, Standby("postgres-2")], First));
    }

    [Theory]
    [InlineData(Any, "quorum,quorum", null)]
    [InlineData(Any, "quorum", null)]
    [InlineData(Any, "", "writes wait for 1 of the standbys, and 0 stream")]
    [InlineData("FIRST 2 (a, b)", "sync", "writes wait for 2 of the standbys, and 1 stream")]
    [InlineData("", "async,async", "writes wait for no standby (synchronous_standby_names of postgres-1 is empty)")]
    [InlineData("postgres-2", "sync", null)]
    [InlineData("*", "sync,potential", null)]
    public void In_sync_is_said_where_as_many_stream_as_writes_wait_for(string names, string states, string? because)
    {
        var streams = states
            .Split(',', StringSplitOptions.RemoveEmptyEntries)
            .Select((state, index) => Stream(index == 0 ? "postgres-2" : "postgres-3", state))
            .ToArray();

        Assert.Equal(
            because,
            Because(Primary("postgres-1", 1, names, "one", streams), Standby("postgres-2"), Standby("postgres-3"))
        );
    }

    [Fact]
    public void A_standby_that_replays_late_or_not_at_all_is_not_in_sync()
    {
        var primary = Primary("postgres-1", 1, Any, "one", Stream("postgres-2"));

        Assert.Equal(
            "replay on postgres-2 is 3000 ms behind",
            Because(primary, Standby("postgres-2", TimeSpan.FromSeconds(3)))
        );
        Assert.Equal("replay is paused on postgres-2", Because(primary, Standby("postgres-2", isPaused: true)));
    }

    [Fact]
    public void Who_may_not_see_the_streams_is_told_what_to_grant() =>
        Assert.Contains(
            "pg_monitor",
            Because(Primary("postgres-1", 1, Any, "one", new ObservedStream("", null, null)), Standby("postgres-2")),
            StringComparison.Ordinal
        );

    [Fact]
    public void A_standby_is_found_by_the_name_that_it_streams_under()
    {
        var standby = Standby("postgres-2");
        standby = standby with { Says = standby.Says! with { StreamName = "member-b" } };

        Assert.Null(Because(Primary("postgres-1", 1, Any, "one", Stream("member-b")), standby));
    }

    [Fact]
    public void The_view_says_that_somebody_else_decides_and_shows_every_server()
    {
        ObservedServer[] servers =
        [
            Primary("postgres-1", 3, Any, "one", Stream("postgres-2"), Stream("postgres-3")),
            Standby("postgres-2"),
            Gone(Standby("postgres-3")),
        ];
        var view = ExternalObserver.View(Options(), servers, ExternalObserver.Choose(servers, null));

        Assert.Equal("external", view.Conductor);
        Assert.Equal(3, view.Term);
        Assert.Equal("RPO 0: in sync, any 1 of 2", view.Guarantee);
        Assert.Equal("postgres-2", view.Standby);
        Assert.Equal(
            ["primary", "standby", "none"],
            view.Databases!.Select(server => server.Role),
            StringComparer.Ordinal
        );
        Assert.Equal("quorum", view.Databases![1].SyncState);
    }

    [Fact]
    public void In_asynchronous_mode_the_lag_is_the_promise()
    {
        ObservedServer[] servers =
        [
            Primary("postgres-1", 1, "", "one", Stream("postgres-2", "async")),
            Standby("postgres-2"),
        ];
        var view = ExternalObserver.View(
            Options(StorageMode.Asynchronous),
            servers,
            ExternalObserver.Choose(servers, null)
        );

        Assert.True(view.InSync);
        Assert.Equal("RPO: the lag, now 10 bytes, 20 ms", view.Guarantee);
    }

    private static string? Because(params ObservedServer[] servers) =>
        ExternalObserver.View(Options(), servers, ExternalObserver.Choose(servers, null)).NotInSyncBecause;
}
