using System.Globalization;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Registry.Leases;
using Xunit;

namespace Workshop.Tests.Registry.Leases;

public sealed class ServiceTableTests
{
    private static readonly TimeSpan Ttl = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider time = new(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly ServiceTable table;

    public ServiceTableTests() => table = NewTable();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void Servers_are_given_out_in_turn()
    {
        Register("shop-api", "one", "two", "three");

        var given = Enumerable.Range(0, 6).Select(_ => ((Turn.Server)table.Next("shop-api")).Address).ToArray();

        Assert.Equal(3, given[..3].Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(given[..3], given[3..]);
    }

    [Fact]
    public void A_server_whose_lease_ran_out_is_out_at_that_moment_without_any_timer()
    {
        Register("shop-api", "one");

        time.Advance(Ttl);

        Assert.IsType<Turn.NoneAlive>(table.Next("shop-api"));
        Assert.Equal("dead", table.Find("shop-api")!.Instances[0].State);
    }

    /// <summary>Its servers' heartbeats go elsewhere, or nowhere while no registry leads.</summary>
    [Fact]
    public void No_lease_runs_out_in_a_registry_that_leads_no_more()
    {
        table.Lead([new("shop-api", "one", "localhost:1", Ttl)]);
        table.Follow();

        time.Advance(10 * Ttl);
        Assert.Equal(new Turn.Server("localhost:1"), table.Next("shop-api"));

        table.Lead([new("shop-api", "one", "localhost:1", Ttl)]);
        time.Advance(Ttl);
        Assert.IsType<Turn.NoneAlive>(table.Next("shop-api"));
    }

    [Fact]
    public void A_service_whose_last_server_left_is_known_but_not_alive()
    {
        Register("shop-api", "one");

        Assert.True(table.Leave("shop-api", "one"));
        Assert.IsType<Turn.NoneAlive>(table.Next("shop-api"));
        time.Advance(Ttl);
        Assert.IsType<Turn.NoneAlive>(table.Next("shop-api"));
        Assert.IsType<Turn.UnknownService>(table.Next("nobody"));
    }

    [Fact]
    public void A_probe_of_an_address_that_was_left_says_nothing_of_the_new_one()
    {
        Register("shop-api", "one");
        table.Renew("shop-api", "one", "localhost:2", Ttl, out _);

        table.Observe(new("shop-api", "one", "localhost:1"), new Fact.Refused());

        Assert.Equal(new Turn.Server("localhost:2"), table.Next("shop-api"));
    }

    [Fact]
    public async Task A_long_poll_answers_when_something_changes()
    {
        Register("shop-api", "one");
        var before = table.Find("shop-api")!.Index;

        var poll = table.FindChanged("shop-api", before, Long, isOwn: false, Ct);
        table.Renew("shop-api", "one", "localhost:1", Ttl, out _);
        Assert.False(poll.IsCompleted);
        table.Observe(new("shop-api", "one", "localhost:1"), new Fact.Refused());

        var view = (await poll)!;
        Assert.True(view.Index > before);
        Assert.Equal("dead", view.Instances[0].State);
        Assert.Equal(view.Index, view.Instances[0].ChangeNumber);
    }

    [Fact]
    public async Task A_long_poll_answers_unchanged_when_its_time_is_over()
    {
        Register("shop-api", "one");
        var before = table.Find("shop-api")!.Index;

        var poll = table.FindChanged("shop-api", before, TimeSpan.FromSeconds(2), isOwn: false, Ct);
        time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(before, (await poll)!.Index);
    }

    [Fact]
    public async Task A_long_poll_of_a_service_that_is_not_known_yet_waits_for_it()
    {
        var poll = table.FindChanged("shop-api", 0, Long, isOwn: false, Ct);
        Assert.False(poll.IsCompleted);

        Register("shop-api", "one");

        Assert.Single((await poll)!.Instances);
    }

    [Fact]
    public async Task Change_numbers_go_on_rising_over_a_restart_so_no_poll_hangs()
    {
        Register("shop-api", "one");
        var before = table.Find("shop-api")!.Index;

        time.Advance(TimeSpan.FromMilliseconds(500));
        var restarted = NewTable();
        restarted.Renew("shop-api", "one", "localhost:1", Ttl, out _);

        Assert.True(restarted.Find("shop-api")!.Index > before);
        var poll = restarted.FindChanged("shop-api", before, Long, isOwn: false, Ct);
        Assert.True(poll.IsCompleted);
        await poll;
    }

    [Fact]
    public async Task A_change_number_from_the_future_is_answered_at_once()
    {
        Register("shop-api", "one");

        var poll = table.FindChanged("shop-api", long.MaxValue, Long, isOwn: false, Ct);

        Assert.True(poll.IsCompleted);
        await poll;
    }

    [Fact]
    public async Task Services_and_instances_are_bounded()
    {
        var small = NewTable(new() { MaxServices = 2, MaxInstancesPerService = 1 });
        Assert.Equal(Registration.Created, small.Renew("a", "one", "localhost:1", Ttl, out _));
        Assert.Equal(Registration.Full, small.Renew("a", "two", "localhost:2", Ttl, out _));
        Assert.Equal(Registration.Created, small.Renew("b", "one", "localhost:1", Ttl, out _));
        Assert.Equal(Registration.Full, small.Renew("c", "one", "localhost:1", Ttl, out _));
        Assert.Equal(Registration.Renewed, small.Renew("a", "one", "localhost:1", Ttl, out _));
    }

    [Fact]
    public async Task The_oldest_of_too_many_long_polls_is_answered_early_and_none_of_our_own()
    {
        var small = NewTable(new() { MaxWaiters = 2 });
        small.Renew("a", "one", "localhost:1", Ttl, out _);
        var now = small.Find("a")!.Index;
        var own = small.FindChanged("a", now, Long, isOwn: true, Ct);
        var polls = Enumerable.Range(0, 4).Select(_ => small.FindChanged("a", now, Long, isOwn: false, Ct)).ToArray();

        Assert.Equal(now, (await polls[0])!.Index);
        Assert.Equal(now, (await polls[1])!.Index);
        Assert.False(polls[2].IsCompleted || polls[3].IsCompleted || own.IsCompleted);

        small.Observe(new("a", "one", "localhost:1"), new Fact.Refused());
        Assert.True((await own)!.Index > now);
        Assert.True((await polls[2])!.Index > now);
        Assert.True((await polls[3])!.Index > now);
    }

    [Fact]
    public void A_service_that_nobody_is_in_makes_room_for_another()
    {
        var small = NewTable(new() { MaxServices = 1 });
        small.Renew("a", "one", "localhost:1", Ttl, out _);
        small.Leave("a", "one");
        time.Advance(Ttl);
        small.Tick();

        Assert.Equal(Registration.Created, small.Renew("b", "one", "localhost:1", Ttl, out _));
    }

    [Fact]
    public void A_published_service_is_routed_to_its_primary_and_nobody_else_writes_it()
    {
        table.Publish("shop-db", [Published("postgres-1", "standby"), Published("postgres-2", "primary")]);

        Assert.Equal(new Turn.Server("postgres-2:5432"), table.Next("shop-db"));
        Assert.Equal(Registration.Reserved, table.Renew("shop-db", "postgres-3", "localhost:1", Ttl, out _));
        Assert.False(table.Leave("shop-db", "postgres-1"));
        Assert.Empty(table.ProbeTargets());
    }

    [Fact]
    public void A_pair_without_a_primary_says_what_each_server_is()
    {
        table.Publish("shop-db", [Published("postgres-1", "none"), Published("postgres-2", "standby")]);

        var none = Assert.IsType<Turn.NoneAlive>(table.Next("shop-db"));

        Assert.Equal(["postgres-1: it takes no requests", "postgres-2: it is the standby"], none.Reasons);
    }

    [Fact]
    public void Publishing_the_same_again_is_no_change()
    {
        table.Publish("shop-db", [Published("postgres-1", "primary")]);
        var before = table.Find("shop-db")!.Index;

        table.Publish("shop-db", [Published("postgres-1", "primary")]);
        Assert.Equal(before, table.Find("shop-db")!.Index);

        table.Publish("shop-db", [Published("postgres-1", "none")]);
        Assert.True(table.Find("shop-db")!.Index > before);
    }

    private static PublishedInstance Published(string name, string role) =>
        new(
            name,
            $"{name}:5432",
            InstanceState.Live,
            null,
            null,
            new Dictionary<string, string>(StringComparer.Ordinal) { ["role"] = role }
        );

    private ServiceTable NewTable(RegistryOptions? options = null) =>
        new(Options.Create(options ?? new()), new SteadyClock(time));

    private void Register(string service, params string[] instances)
    {
        foreach (var (number, instance) in instances.Index())
        {
            var address = string.Create(CultureInfo.InvariantCulture, $"localhost:{number + 1}");
            Assert.Equal(Registration.Created, table.Renew(service, instance, address, Ttl, out _));
        }
    }
}
