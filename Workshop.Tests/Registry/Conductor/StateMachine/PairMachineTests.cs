using System.Collections.Immutable;
using Registry.Conductor.StateMachine;
using Xunit;
using Xunit.Sdk;

namespace Workshop.Tests.Registry.Conductor.StateMachine;

/// <summary>
/// The conductor in simulated time, in histories of faults by chance: <see cref="SimulatedPair"/> says what must never be so,
/// <see cref="PairHistory"/> what must be so again once nothing is wrong any more. A seed makes its history again.
/// </summary>
public sealed class PairMachineTests
{
    private const int Histories = 2_000;

    /// <summary>A broken conductor must be found by then.</summary>
    private const int HistoriesUntilFound = 20_000;

    private static readonly DateTimeOffset Epoch = DateTimeOffset.UnixEpoch;

    private static readonly PairSettings Settings = new(StorageMode.Synchronous, StandbyPolicy.Available, true);

    [Fact]
    public void Whatever_happens_nothing_that_was_promised_is_lost_and_all_is_well_in_the_end()
    {
        var first = (int)(TimeProvider.System.GetTimestamp() % 1_000_000_000);
        TestContext.Current.TestOutputHelper?.WriteLine($"seeds {first} to {first + Histories - 1}");
        for (var seed = first; seed < first + Histories; seed++)
        {
            Replay(seed);
        }
    }

    /// <summary>To look at a history again, put its seed here.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(19535689)]
    public void A_seed_is_replayed(int seed) => Replay(seed);

    [Fact]
    public void A_conductor_may_end_at_every_boundary_of_its_effects()
    {
        for (var seed = 0; seed < 12; seed++)
        {
            var boundaries = PairHistory.Live(seed, PairMachine.Step, endsAt: int.MaxValue);
            for (var end = 1; end <= boundaries; end++)
            {
                Replay(seed, end);
            }
        }
    }

    [Fact]
    public void Who_acts_before_it_is_written_down_is_found() =>
        AssertFound(
            (state, input) =>
                PairMachine.Step(state, input) is var (next, effects) ? (next, Reversed(effects)) : default
        );

    [Fact]
    public void Who_takes_silence_for_death_is_found() =>
        AssertFound(
            (state, input) =>
                PairMachine.Step(state, input) is { Effects: [.., Effect.Fence fence] } step
                && string.Equals(fence.Server, state.Primary, StringComparison.Ordinal)
                    ? (step.State with { FencedAt = input.Now }, step.Effects[..^1])
                    : PairMachine.Step(state, input)
        );

    [Fact]
    public void A_write_that_failed_may_be_on_disk_so_it_is_written_again_before_anything_rests_on_it()
    {
        var alone = new PersistedState(1, ServerNames.First, Mode: StorageMode.Synchronous);
        var marked = new Effect.Persist(alone with { Promotable = ServerNames.Second });
        var failed = new Input.Failed(Epoch, marked, "the folder could not be flushed");

        var (state, _) = PairMachine.Step(new(Settings, alone, canFence: true, Epoch), failed);

        Assert.Contains(new Effect.Persist(alone), PairMachine.Step(state, Look).Effects);
    }

    [Fact]
    public void While_basic_mode_is_in_force_nobody_promotes_the_second_server()
    {
        var persisted = new PersistedState(
            1,
            ServerNames.First,
            Mode: StorageMode.Basic,
            Wanted: StorageMode.Basic,
            WantedSince: Epoch
        );

        var (state, _) = PairMachine.Step(
            new(Settings, persisted, canFence: true, Epoch),
            new Input.Forced(Epoch, ServerNames.Second, MayLose: true)
        );

        Assert.Contains(new Effect.Stop(ServerNames.Second), PairMachine.Step(state, Look).Effects);
    }

    [Theory]
    [InlineData(ServerNames.Second, true, false, true)]
    // Asked for twice: by the time it is primary.
    [InlineData(ServerNames.First, true, false, false)]
    // Without force only what loses nothing, also when it is carried out a moment later.
    [InlineData(ServerNames.Second, false, true, true)]
    [InlineData(ServerNames.Second, false, false, false)]
    public void A_wish_to_promote_is_for_the_standby_that_the_person_saw(
        string server,
        bool mayLose,
        bool isPromotable,
        bool isFenced
    )
    {
        var persisted = new PersistedState(
            4,
            ServerNames.First,
            isPromotable ? ServerNames.Second : null,
            Mode: StorageMode.Asynchronous
        );

        var (state, _) = PairMachine.Step(
            new(Settings, persisted, canFence: true, Epoch),
            new Input.Forced(Epoch, server, mayLose)
        );

        Assert.Equal(isFenced, PairMachine.Step(state, Look).Effects.Contains(new Effect.Fence(ServerNames.First)));
    }

    /// <summary>The first server serves, the second is a standby.</summary>
    private static Input.Look Look
    {
        get
        {
            var serves = new ProbeState(Reach.Answers, 0, Epoch, null, new(false, 1, false, false, false, null));
            var follows = serves with { Answer = serves.Answer! with { IsInRecovery = true } };
            return new(Epoch, new(serves, follows), default, IsLagInjected: false);
        }
    }

    private static void Replay(int seed, int? endsAt = null)
    {
        try
        {
            PairHistory.Live(seed, PairMachine.Step, endsAt);
        }
        catch (XunitException broken)
        {
            var trace = new List<string>();
            Assert.Throws<XunitException>(() => PairHistory.Live(seed, PairMachine.Step, endsAt, trace));
            Assert.Fail($"seed {seed}, end {endsAt}: {broken.Message}\n{string.Join('\n', trace.TakeLast(60))}");
        }
    }

    private static void AssertFound(ConductorStep broken) =>
        Assert.Contains(Enumerable.Range(1, HistoriesUntilFound), seed => !Keeps(seed, broken));

    private static bool Keeps(int seed, ConductorStep step)
    {
        try
        {
            PairHistory.Live(seed, step);
            return true;
        }
        catch (XunitException)
        {
            return false;
        }
    }

    private static ImmutableArray<Effect> Reversed(ImmutableArray<Effect> effects) =>
        effects is [.. var before, Effect.Persist first, var then] ? [.. before, then, first] : effects;
}
