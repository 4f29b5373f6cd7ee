using System.Globalization;
using CsCheck;
using Registry.Conductor.StateMachine;
using Workshop.Tests.Architecture;
using Xunit;
using Action = Registry.Conductor.StateMachine.Action;

namespace Workshop.Tests.Registry.Conductor.StateMachine;

/// <summary>
/// The rules as a case table. A case is written in words: who the primary and the other are as the probes see them, then
/// what else is so.
/// </summary>
public sealed class RulesTests
{
    [Theory]
    // After a start.
    [InlineData("unknown/standby", 1, "Wait")]
    [InlineData("unknown/standby first", 1, "Wait")]
    [InlineData("serves/unknown first", 1, "Wait")]
    [InlineData("serves/standby first", 2, "Adopt")]
    [InlineData("serves/refused first", 2, "Adopt")]
    [InlineData("serves/none first basic", 2, "Adopt")]
    [InlineData("standby/serves first", 2, "Adopt")]
    [InlineData("standby/standby first", 3, "Wait")]
    [InlineData("serves/serves first", 3, "Wait")]
    [InlineData("refused/standby first", 3, "Wait")]
    // A promotion that was begun.
    [InlineData("refused/serves pending dead", 4, "CompletePromotion")]
    [InlineData("serves/serves pending", 4, "CompletePromotion")]
    [InlineData("refused/standby pending nofence", 5, "AskPerson")]
    [InlineData("refused/standby pending", 6, "FencePrimary")]
    [InlineData("serves/standby pending", 6, "FencePrimary")]
    [InlineData("refused/standby pending dead", 7, "Promote")]
    [InlineData("refused/starting pending dead", 8, "Wait")]
    [InlineData("refused/refused pending dead otherbusy", 8, "Wait")]
    [InlineData("refused/refused pending dead", 9, "StartOther")]
    // Never two that take writes.
    [InlineData("standby/serves", 10, "Adopt")]
    [InlineData("serves/serves nofence", 11, "AskPerson")]
    [InlineData("serves/serves", 12, "FenceOther")]
    [InlineData("refused/serves", 12, "FenceOther")]
    [InlineData("serves/serves promotable", 12, "FenceOther")]
    // It has all, and somebody promoted it: it takes the place, once the primary is proven dead.
    [InlineData("silent900/serves promotable", 18, "Wait")]
    [InlineData("refused/serves promotable", 20, "FencePrimary")]
    [InlineData("refused/serves promotable dead", 21, "BeginPromotion")]
    // A person's decision.
    [InlineData("serves/standby forced nofence", 13, "AskPerson")]
    [InlineData("refused/standby forced dead nofence", 15, "BeginPromotion")]
    [InlineData("refused/serves promotable dead nofence", 21, "BeginPromotion")]
    [InlineData("serves/standby forced", 14, "FencePrimary")]
    [InlineData("silent/standby forced", 14, "FencePrimary")]
    [InlineData("serves/standby forced otherbusy", 37, "Wait")]
    [InlineData("refused/standby forced dead", 15, "BeginPromotion")]
    // The primary does not serve.
    [InlineData("standby/standby", 16, "AskPerson")]
    [InlineData("refused/standby promotable primarybusy", 17, "Wait")]
    [InlineData("refused2/standby promotable", 18, "Wait")]
    [InlineData("silent900/standby promotable", 18, "Wait")]
    [InlineData("starting/standby promotable", 18, "Wait")]
    [InlineData("refused/standby promotable nofence", 19, "AskPerson")]
    [InlineData("refused/refused promotable dead nofence", 19, "AskPerson")]
    // What is left after the fence needs nobody.
    [InlineData("refused/standby promotable dead nofence", 21, "BeginPromotion")]
    [InlineData("refused/refused2 promotable dead nofence", 22, "Wait")]
    // Nobody is there to take the place now, so a silent primary gets its five seconds.
    [InlineData("silent/refused promotable", 18, "Wait")]
    [InlineData("silent5/refused promotable", 20, "FencePrimary")]
    // It serves whoever is in, until somebody can do better.
    [InlineData("damaged/standby promotable", 20, "FencePrimary")]
    [InlineData("damaged/refused promotable", 18, "Wait")]
    [InlineData("damaged/none basic", 18, "Wait")]
    [InlineData("refused/standby promotable", 20, "FencePrimary")]
    [InlineData("silent/standby promotable", 20, "FencePrimary")]
    [InlineData("silent/standby promotable unheard", 18, "Wait")]
    [InlineData("silent5/standby promotable unheard", 20, "FencePrimary")]
    // Nobody can take its place: more patience with silence, none with a refusal.
    [InlineData("silent/none basic", 18, "Wait")]
    [InlineData("silent/standby", 18, "Wait")]
    [InlineData("silent5/none basic", 20, "FencePrimary")]
    [InlineData("silent5/standby", 20, "FencePrimary")]
    [InlineData("refused/standby", 20, "FencePrimary")]
    [InlineData("refused/standby promotable dead", 21, "BeginPromotion")]
    [InlineData("refused/standby promotable dead async", 21, "BeginPromotion")]
    [InlineData("refused/silent900 promotable dead", 22, "Wait")]
    [InlineData("refused/refused2 promotable dead", 22, "Wait")]
    [InlineData("refused/silent promotable dead", 23, "StartPrimary")]
    [InlineData("refused/silent900 dead", 23, "StartPrimary")]
    [InlineData("refused/standby dead", 23, "StartPrimary")]
    [InlineData("refused/standby dead async", 23, "StartPrimary")]
    [InlineData("refused/refused promotable dead", 23, "StartPrimary")]
    [InlineData("refused/none dead basic", 23, "StartPrimary")]
    [InlineData("refused/standby dead starts3", 24, "AskPerson")]
    // Another mode is wanted: what promises less is in force before writes are let go, what promises more when it holds.
    [InlineData("serves/standby streams named active promotable wantasync", 26, "TakeMode")]
    [InlineData("serves/refused named gone5 wantasync", 26, "TakeMode")]
    [InlineData("refused2/standby promotable wantasync", 18, "Wait")]
    [InlineData("serves/standby streams named active promotable wantbasic", 27, "TakeMode")]
    [InlineData("serves/standby async streams promotable wantbasic", 27, "TakeMode")]
    [InlineData("serves/standby streams named active promotable near wantbasic second", 28, "SwitchOver")]
    [InlineData("serves/standby streams named active near wantbasic second", 51, "Wait")]
    [InlineData("serves/standby streams named active promotable wantbasic second", 54, "Wait")]
    [InlineData("serves/standby async streams promotable near wantbasic second", 48, "Wait")]
    [InlineData("serves/standby basic wantbasic named", 29, "GoOnAlone")]
    [InlineData("serves/standby basic wantbasic nofence", 30, "AskPerson")]
    [InlineData("serves/standby basic wantbasic", 31, "StopOther")]
    [InlineData("serves/silent basic wantbasic", 31, "StopOther")]
    [InlineData("serves/standby basic wantbasic otherbusy", 37, "Wait")]
    [InlineData("serves/refused basic wantbasic", 32, "CompleteChange")]
    [InlineData("serves/none basic wantbasic", 32, "CompleteChange")]
    // A copy of it that is on its way would end in a server that nobody looks after.
    [InlineData("serves/refused basic wantbasic otherbusy", 37, "Wait")]
    [InlineData("serves/refused basic wantsync rebuild", 39, "RebuildOther")]
    [InlineData("serves/refused basic wantsync rebuild nofence", 38, "AskPerson")]
    [InlineData("serves/standby basic wantsync", 44, "Wait")]
    [InlineData("serves/standby basic wantasync", 44, "Wait")]
    [InlineData("serves/standby basic wantasync streams near", 45, "TakeMode")]
    [InlineData("serves/standby basic wantasync streams far", 46, "Wait")]
    [InlineData("serves/standby basic wantsync streams", 49, "NameStandby")]
    [InlineData("serves/standby async wantsync gone1 named", 29, "GoOnAlone")]
    [InlineData("serves/standby async wantsync gone1 near promotable", 44, "Wait")]
    [InlineData("serves/standby async wantsync streams near promotable", 49, "NameStandby")]
    [InlineData("serves/standby async wantsync streams near promotable named active", 51, "Wait")]
    [InlineData("serves/standby async wantsync streams near promotable named active flushed", 52, "TakeMode")]
    [InlineData("serves/standby basic wantsync streams named active flushed", 52, "TakeMode")]
    // The primary serves.
    [InlineData("serves/none basic named", 29, "GoOnAlone")]
    [InlineData("serves/standby async named streams", 29, "GoOnAlone")]
    [InlineData("serves/none basic", 33, "Wait")]
    [InlineData("serves/refused promotable named gone5", 34, "GoOnAlone")]
    [InlineData("serves/refused named gone5", 34, "GoOnAlone")]
    [InlineData("serves/refused promotable named gone5 strict", 41, "StartOther")]
    [InlineData("serves/standby promotable streams", 35, "MarkNotPromotable")]
    [InlineData("serves/standby promotable async streams far", 36, "MarkNotPromotable")]
    [InlineData("serves/starting otherbusy", 37, "Wait")]
    [InlineData("serves/refused nofence", 38, "AskPerson")]
    [InlineData("serves/standby gone10 nofence", 38, "AskPerson")]
    [InlineData("serves/standby gone10 async nofence", 38, "AskPerson")]
    [InlineData("serves/standby gone10 async held near nofence", 47, "MarkPromotable")]
    [InlineData("serves/refused rebuild", 39, "RebuildOther")]
    [InlineData("serves/standby rebuild streams", 39, "RebuildOther")]
    [InlineData("serves/silent30", 40, "FenceOther")]
    [InlineData("serves/refused promotable named gone1", 41, "StartOther")]
    [InlineData("serves/refused otherstarts3", 42, "RebuildOther")]
    [InlineData("serves/standby gone10", 43, "RebuildOther")]
    [InlineData("serves/standby gone10 async held near", 47, "MarkPromotable")]
    [InlineData("serves/standby gone1", 44, "Wait")]
    [InlineData("serves/silent", 44, "Wait")]
    // Bringing it in sync.
    [InlineData("serves/standby async streams near", 47, "MarkPromotable")]
    [InlineData("serves/standby async streams near promotable", 48, "Wait")]
    [InlineData("serves/standby streams", 49, "NameStandby")]
    [InlineData("serves/standby streams named doubted", 49, "NameStandby")]
    [InlineData("serves/standby streams named", 50, "Wait")]
    [InlineData("serves/standby streams named active", 51, "Wait")]
    [InlineData("serves/standby streams named active flushed", 53, "MarkPromotable")]
    [InlineData("full/standby streams named active promotable", 25, "FencePrimary")]
    [InlineData("full/standby streams named active promotable nofence", 54, "Wait")]
    [InlineData("full/fullstandby streams named active promotable", 54, "Wait")]
    [InlineData("full/standby streams named active", 51, "Wait")]
    [InlineData("serves/standby streams named active promotable", 54, "Wait")]
    public void The_first_rule_that_applies_decides(string words, int number, string action)
    {
        var rule = Rules.Decide(Read(words));

        Assert.Equal((number, action), (rule.Number, rule.Action.ToString()));
    }

    [Fact]
    public void Every_rule_has_a_case_and_the_numbers_are_in_order()
    {
        var cases = typeof(RulesTests)
            .GetMethod(nameof(The_first_rule_that_applies_decides))!
            .GetCustomAttributes(typeof(InlineDataAttribute), inherit: false)
            .Select(attribute => (int)((InlineDataAttribute)attribute).Data[1]!);

        Assert.Equal(Enumerable.Range(1, Rules.Table.Length), Rules.Table.Select(rule => rule.Number));
        Assert.Empty(Rules.Table.Select(rule => rule.Number).Except(cases));
    }

    [Fact]
    public void Nothing_is_promoted_that_may_lose_acknowledged_writes_or_leave_two_primaries() =>
        AnyFacts.Any.Sample(
            facts =>
            {
                var action = Rules.Decide(facts).Action;
                var isSafe = action switch
                {
                    Action.Promote => facts.IsPending && facts.IsPrimaryFenced,
                    Action.BeginPromotion => facts.IsPrimaryFenced
                        && facts.Other is { IsStandby: true } or { IsWritable: true }
                        && (facts.IsOtherPromotable || facts is { IsForced: true, Other.IsStandby: true }),
                    Action.FencePrimary or Action.FenceOther => facts.CanFence,
                    Action.MarkPromotable => facts.Primary.IsWritable
                        && facts.Other is not null
                        && (facts.Mode is StorageMode.Asynchronous ? facts.IsLagAllowed : facts.Standby.IsSyncActive),
                    Action.RebuildOther => facts.Primary.IsWritable && !facts.Other!.IsWritable,
                    // What promises more is in force when it holds; what promises less, before anything is let go.
                    Action.TakeMode => facts.Primary.IsWritable
                        && facts.Wanted switch
                        {
                            StorageMode.Synchronous => facts.Standby is { IsSyncActive: true, HasReplayedMark: true },
                            StorageMode.Asynchronous => facts.Mode is StorageMode.Synchronous || facts.IsLagAllowed,
                            _ => facts.IsFirstPrimary,
                        },
                    Action.SwitchOver => facts is { CanFence: true, IsOtherPromotable: true, Standby.IsNamed: true },
                    Action.GoOnAlone => facts.Mode is not StorageMode.Synchronous
                        || facts.Wanted is null or StorageMode.Basic,
                    Action.StopOther => facts is { Mode: StorageMode.Basic, Wanted: StorageMode.Basic, CanFence: true },
                    Action.StartPrimary => facts.IsPrimaryFenced && facts.Persisted.Pending is null,
                    _ => true,
                };
                return isSafe;
            },
            iter: 20_000
        );

    [Fact]
    public void The_document_shows_the_table()
    {
        var rows = Rules.Table.Select(rule =>
            string.Create(CultureInfo.InvariantCulture, $"| {rule.Number} | {rule.Name} | {rule.Action} |")
        );

        var document = File.ReadAllLines(Path.Combine(SourceTree.Root, "docs", "failover.md"));

        var shown = document.Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(2);
        Assert.Equal(string.Join('\n', rows), string.Join('\n', shown));
    }

    private static Facts Read(string words)
    {
        var parts = words.Split(' ');
        var servers = parts[0].Split('/');
        var also = parts[1..].ToHashSet(StringComparer.Ordinal);
        var goneFor = parts.FirstOrDefault(part => part.StartsWith("gone", StringComparison.Ordinal))?[4..];
        var isFar = also.Contains("far");
        return new(
            also.Contains("basic") ? StorageMode.Basic
                : also.Contains("async") ? StorageMode.Asynchronous
                : StorageMode.Synchronous,
            also.Contains("strict") ? StandbyPolicy.Strict : StandbyPolicy.Available,
            new(
                also.Contains("first") ? 0 : 1,
                also.Contains("first") ? "" : "a",
                also.Contains("promotable") ? "b" : null,
                also.Contains("pending") ? "b" : null,
                also.Contains("rebuild") ? "b" : null,
                Wanted: also.Contains("wantbasic") ? StorageMode.Basic
                    : also.Contains("wantsync") ? StorageMode.Synchronous
                    : also.Contains("wantasync") ? StorageMode.Asynchronous
                    : null
            ),
            Server("a", servers[0]) with
            {
                IsBusy = also.Contains("primarybusy"),
                WasHeard = !also.Contains("unheard"),
                StartsFailed = also.Contains("starts3") ? 3 : 0,
            },
            servers[1] is "none"
                ? null
                : Server("b", servers[1]) with
                {
                    IsBusy = also.Contains("otherbusy"),
                    StartsFailed = also.Contains("otherstarts3") ? 3 : 0,
                },
            new(
                also.Contains("streams"),
                also.Contains("named"),
                also.Contains("active"),
                also.Contains("flushed"),
                TimeSpan.FromSeconds(int.Parse(goneFor ?? "0", CultureInfo.InvariantCulture)),
                isFar ? 1L << 40 : 0,
                also.Contains("near") || isFar ? TimeSpan.Zero : null,
                also.Contains("near") ? TimeSpan.Zero : null,
                IsWaitDoubted: also.Contains("doubted")
            ),
            also.Contains("dead"),
            !also.Contains("nofence"),
            also.Contains("forced"),
            also.Contains("held"),
            !also.Contains("second")
        );
    }

    private static ServerFacts Server(string name, string state) =>
        state switch
        {
            "unknown" => new(name, Reach.Unknown),
            "serves" => new(name, Reach.Answers),
            "full" => new(name, Reach.Answers, FullFor: Limits.WaitForRoom),
            "fullstandby" => new(name, Reach.Answers, IsInRecovery: true, FullFor: TimeSpan.Zero),
            "standby" => new(name, Reach.Answers, IsInRecovery: true),
            "starting" => new(name, Reach.Starting),
            "refused" => new(name, Reach.Refused, 3),
            "damaged" => new(name, Reach.Damaged, SilentFor: TimeSpan.FromSeconds(30)),
            "refused2" => new(name, Reach.Refused, 2),
            "silent" => new(name, Reach.Silent, SilentFor: TimeSpan.FromSeconds(1)),
            "silent900" => new(name, Reach.Silent, SilentFor: TimeSpan.FromMilliseconds(900)),
            "silent5" => new(name, Reach.Silent, SilentFor: Limits.SilenceToBeDownAlone),
            "silent30" => new(name, Reach.Silent, SilentFor: TimeSpan.FromSeconds(30)),
            _ => throw new ArgumentOutOfRangeException(nameof(state), state, "no such state"),
        };
}
