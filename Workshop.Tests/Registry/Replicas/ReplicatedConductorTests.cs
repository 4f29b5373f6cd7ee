using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LaboratoryBench.Processes;
using LaboratoryBench.Replicas;
using Workshop.Tests.Fixtures;
using Workshop.Tests.Registry.Conductor;
using Xunit;

namespace Workshop.Tests.Registry.Replicas;

/// <summary>Three registries conduct one real pair: the one that leads decides, and what it decided outlives it.</summary>
public sealed class ReplicatedConductorTests(PostgresFixture postgres)
{
    /// <summary>Longer than a failover takes on a busy machine.</summary>
    private static readonly TimeSpan NothingHappens = TimeSpan.FromSeconds(5);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_primary_and_the_leading_registry_killed_in_one_moment_are_both_replaced()
    {
        await using var scene = await Group(postgres);
        await Scene.Execute(scene.Pair.First, "INSERT INTO notes VALUES (1)", Stop);

        var leader = await scene.Registries.Leader(Stop);
        await Task.WhenAll(scene.Registries.Kill(leader), scene.Pair.First.Kill(Stop));
        var after = await scene.Until(view => PrimaryIn(view) is "postgres-2");

        Assert.Equal(2, after.GetProperty("term").GetInt64());
        Assert.Equal([1], await Scene.Notes(scene.Pair.Second, Stop));
        await Scene.Execute(scene.Pair.Second, "INSERT INTO notes VALUES (2)", Stop);

        // A registry that was away knows the same as those that decided without it.
        scene.Registries.Run(leader);
        await scene.Registries.UntilAllAreHealthy(Stop);
        await scene.Until(view => view.GetProperty("armed").GetBoolean());
        await Eventually.Holds(async () => await scene.DecidedBy(leader) is (2, "postgres-2"), Stop);

        await scene.Registries.Kill(await scene.Registries.Leader(Stop));
        await scene.Pair.Second.Kill(Stop);
        await scene.Until(view => PrimaryIn(view) is "postgres-1");
        Assert.Equal([1, 2], await Scene.Notes(scene.Pair.First, Stop));
    }

    [Fact]
    public async Task Without_a_majority_nobody_is_promoted_and_with_one_again_somebody_is()
    {
        await using var scene = await Group(postgres);
        await Scene.Execute(scene.Pair.First, "INSERT INTO notes VALUES (1)", Stop);
        var survivor = await scene.Registries.Leader(Stop);
        var others = scene.Registries.Running.Where(replica => replica != survivor).ToArray();
        await Task.WhenAll(others.Select(scene.Registries.Kill));
        // Its lease is over by then.
        await Task.Delay(TimeSpan.FromSeconds(1), Stop);
        await scene.Pair.First.Kill(Stop);

        await Task.Delay(NothingHappens, Stop);
        Assert.DoesNotContain(scene.Host.Commands, command => command.StartsWith("fence", StringComparison.Ordinal));
        Assert.Null(await scene.View(survivor));

        scene.Registries.Run(others[0]);
        await scene.Until(view => PrimaryIn(view) is "postgres-2");
        Assert.Equal([1], await Scene.Notes(scene.Pair.Second, Stop));
    }

    [Fact]
    public async Task A_leader_that_was_held_up_during_a_failover_does_nothing_any_more()
    {
        await using var scene = await Group(postgres);
        await Scene.Execute(scene.Pair.First, "INSERT INTO notes VALUES (1)", Stop);
        var leader = await scene.Registries.Leader(Stop);
        await scene.Registries.ProcessOf(leader).Pause();
        await scene.Pair.First.Kill(Stop);

        await scene.Until(view => PrimaryIn(view) is "postgres-2", except: leader);
        await scene.Until(view => view.GetProperty("armed").GetBoolean(), except: leader);
        scene.Registries.ProcessOf(leader).Resume();
        await Eventually.Holds(
            async () =>
                await scene.Registries.Look(leader) is { } seen && seen.GetProperty("role").GetString() is "follower",
            Stop
        );
        await Task.Delay(NothingHappens, Stop);

        var now = await scene.Until(view => PrimaryIn(view) is not null);
        Assert.Equal(("postgres-2", 2), (PrimaryIn(now), now.GetProperty("term").GetInt64()));
        Assert.True(now.GetProperty("armed").GetBoolean());
        Assert.DoesNotContain("fence postgres-2", scene.Host.Commands, StringComparer.Ordinal);
        Assert.Equal([1], await Scene.Notes(scene.Pair.Second, Stop));
    }

    [Fact]
    public async Task A_mode_that_a_person_chose_at_any_of_them_outlives_the_leader()
    {
        await using var scene = await Group(postgres);
        var (leader, follower) = (await scene.Registries.Leader(Stop), await scene.Registries.Follower(Stop));
        using (
            var taken = await scene.Registries.Http.PutAsJsonAsync(
                $"{scene.Registries.Addresses[follower]}/conductor/mode",
                new { mode = "asynchronous" },
                Stop
            )
        )
        {
            Assert.Equal(HttpStatusCode.Accepted, taken.StatusCode);
        }

        await scene.Registries.Kill(leader);

        await scene.Until(view =>
            view.GetProperty("mode").GetString() is "asynchronous"
            && view.GetProperty("change").ValueKind is JsonValueKind.Null
        );
    }

    private static string? PrimaryIn(JsonElement view) => view.GetProperty("primary").GetString();

    private static async Task<ConductedGroup> Group(PostgresFixture postgres)
    {
        var pair = await postgres.CreatePair(Stop);
        var host = await new StubHost(pair).Start(Stop);
        var registries = await RegistryGroup.Start(
            Stop,
            ("ConnectionStrings__postgres-1", pair.First.ConnectionString()),
            ("Workshop__Standby", string.Create(CultureInfo.InvariantCulture, $"tcp://localhost:{pair.Second.Port}")),
            ("Workshop__HostUrl", host.Address),
            ("Workshop__Storage", "synchronous")
        );
        var group = new ConductedGroup(pair, host, registries);
        await Scene.Execute(pair.First, "CREATE TABLE notes (id bigint PRIMARY KEY)", Stop);
        await group.Until(view => view.GetProperty("armed").GetBoolean());
        return group;
    }

    /// <summary>A pair, its host, and the registries that conduct it.</summary>
    private sealed record ConductedGroup(PostgresPair Pair, StubHost Host, RegistryGroup Registries) : IAsyncDisposable
    {
        /// <summary>What a registry, or the one that leads, knows of the pair; null where nobody tells.</summary>
        internal async Task<JsonElement?> View(int replica)
        {
            try
            {
                using var answer = await Registries.Http.GetAsync($"{Registries.Addresses[replica]}/conductor", Stop);
                return answer.IsSuccessStatusCode ? await answer.Content.ReadFromJsonAsync<JsonElement>(Stop) : null;
            }
            catch (HttpRequestException)
            {
                return null;
            }
        }

        /// <summary>Waits until a registry shows it.</summary>
        internal async Task<JsonElement> Until(Func<JsonElement, bool> isSo, int except = -1)
        {
            JsonElement seen = default;
            await Eventually.Holds(
                async () =>
                {
                    foreach (var replica in Registries.Running.Where(replica => replica != except).ToArray())
                    {
                        if (await View(replica) is { } view && isSo(view))
                        {
                            seen = view;
                            return true;
                        }
                    }

                    return false;
                },
                Stop
            );
            return seen;
        }

        /// <summary>Term and primary that a registry has written down.</summary>
        internal async Task<(long, string?)> DecidedBy(int replica)
        {
            var path = Path.Combine(Registries.FolderOf(replica), "conductor.json");
            if (!File.Exists(path))
            {
                return default;
            }

            using var written = JsonDocument.Parse(await File.ReadAllBytesAsync(path, Stop));
            return (
                written.RootElement.GetProperty("Term").GetInt64(),
                written.RootElement.GetProperty("Primary").GetString()
            );
        }

        public async ValueTask DisposeAsync()
        {
            await Registries.DisposeAsync();
            await Host.DisposeAsync();
            await Pair.DisposeAsync();
        }
    }
}
