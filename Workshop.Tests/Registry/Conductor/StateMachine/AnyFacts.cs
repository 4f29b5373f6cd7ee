using CsCheck;
using Registry.Conductor.StateMachine;

namespace Workshop.Tests.Registry.Conductor.StateMachine;

/// <summary>What a rule may be asked about, by chance.</summary>
internal static class AnyFacts
{
    /// <summary>Any facts at all, sensible or not.</summary>
    public static Gen<Facts> Any { get; } =
        Gen.Select(
            CsCheck
                .Gen.Select(Gen.Enum<Reach>(), Gen.Int[0, 5], Gen.Int[0, 40], Gen.Bool, Gen.Bool, Gen.Int[0, 4])
                .Array[2],
            Gen.Select(Gen.Enum<StorageMode>(), Gen.Enum<StandbyPolicy>(), Gen.Int[0, 3], Gen.Int[0, 5]),
            Gen.Bool.Array[14],
            Gen.Int[0, 20],
            (servers, mode, so, gone) =>
                new Facts(
                    mode.Item1,
                    mode.Item2,
                    mode.Item3 == 0
                        ? PersistedState.None
                        : new(
                            mode.Item3,
                            "a",
                            so[0] ? "b" : null,
                            so[1] && mode.Item1 is not StorageMode.Basic ? "b" : null,
                            so[2] ? "b" : null,
                            Wanted: Wish(mode.Item1, mode.Item4)
                        ),
                    AnyServer("a", servers[0]),
                    mode.Item1 is StorageMode.Basic && (mode.Item3 == 0 || Wish(mode.Item1, mode.Item4) is null)
                        ? null
                        : AnyServer("b", servers[1]),
                    new(
                        so[3],
                        so[4],
                        so[5],
                        so[6],
                        TimeSpan.FromSeconds(gone),
                        so[7] ? 0 : null,
                        TimeSpan.Zero,
                        so[12] ? TimeSpan.Zero : null
                    ),
                    so[8],
                    so[9],
                    so[10],
                    so[11],
                    so[13]
                )
        );

    /// <summary>None half of the time; the mode in force is not wanted, but for basic while its second server is left.</summary>
    private static StorageMode? Wish(StorageMode mode, int any) =>
        any > 2 || ((StorageMode)any == mode && mode is not StorageMode.Basic) ? null : (StorageMode)any;

    private static ServerFacts AnyServer(string name, (Reach, int, int, bool, bool, int) any) =>
        new(name, any.Item1, any.Item2, TimeSpan.FromSeconds(any.Item3), any.Item4, any.Item5, any.Item6);
}
