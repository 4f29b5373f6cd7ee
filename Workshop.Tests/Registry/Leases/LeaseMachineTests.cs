using System.Globalization;
using CsCheck;
using Registry.Leases;
using Xunit;

namespace Workshop.Tests.Registry.Leases;

/// <summary>
/// The life of a lease as a table. A script's steps: R renews (ttl 5 s), A is a good probe, M a missed one, X a refused
/// one, L leaves; a number lets that many seconds pass.
/// </summary>
public sealed class LeaseMachineTests
{
    private static readonly TimeSpan Ttl = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData("R", "Live")]
    [InlineData("R A", "Live")]
    [InlineData("R M", "Suspect")]
    [InlineData("R M A", "Suspect")]
    [InlineData("R M A A", "Live")]
    [InlineData("R M M", "Dead")]
    [InlineData("R M A M", "Suspect")]
    [InlineData("R M A A M", "Suspect")]
    [InlineData("R X", "Dead")]
    [InlineData("R X R", "Dead")]
    [InlineData("R X A", "Dead")]
    [InlineData("R X A M A", "Dead")]
    [InlineData("R X A A", "Live")]
    [InlineData("R M M A A", "Live")]
    [InlineData("R 4.9", "Live")]
    [InlineData("R 5", "Dead")]
    [InlineData("R 3 R 3", "Live")]
    [InlineData("R 5 A A", "Dead")]
    [InlineData("R 5 R", "Dead")]
    [InlineData("R 5 R A", "Dead")]
    [InlineData("R 5 R A A", "Live")]
    [InlineData("R 64.9", "Dead")]
    [InlineData("R 65", "gone")]
    [InlineData("R L", "Draining")]
    [InlineData("R L A A", "Draining")]
    [InlineData("R X L", "Draining")]
    [InlineData("R L 5", "gone")]
    [InlineData("R L R", "Live")]
    [InlineData("A", "gone")]
    [InlineData("L", "gone")]
    public void A_lease_lives_by_heartbeats_and_probes(string script, string expected)
    {
        var lease = Play(script.Split(' '));

        Assert.Equal(expected, lease?.State.ToString() ?? "gone");
    }

    [Fact]
    public void Who_has_left_is_shown_as_gone_for_that_and_not_for_the_probes_that_fail_since() =>
        Assert.Equal("it left", Play(["R", "L", "M", "X"])!.Reason);

    [Fact]
    public void A_registration_at_another_address_forgets_the_past()
    {
        var dead = Play(["R", "X"]);

        var moved = LeaseMachine.Apply(dead, "one", new Fact.Renewed("localhost:2", Ttl), dead!.RenewedAt);

        Assert.Equal(InstanceState.Live, moved!.State);
        Assert.Equal("localhost:2", moved.Address);
    }

    [Fact]
    public void The_machine_agrees_with_a_twin_that_looks_at_the_whole_history() =>
        Gen.Frequency(
                (3, Gen.Const("R")),
                (3, Gen.Const("A")),
                (2, Gen.Const("M")),
                (1, Gen.Const("X")),
                (1, Gen.Const("1"))
            )
            .List[0, 60]
            .Sample(steps => Play(steps)?.State == Twin(steps), iter: 5_000);

    [Fact]
    public void Suspects_are_routed_to_only_when_nobody_is_live()
    {
        var live = Play(["R"])!;
        var suspect = Play(["R", "M"])! with { Instance = "two" };
        var dead = Play(["R", "X"])! with { Instance = "three" };

        Assert.Equal([live], LeaseMachine.Routable([live, suspect, dead]));
        Assert.Equal([suspect], LeaseMachine.Routable([suspect, dead]));
        Assert.Empty(LeaseMachine.Routable([dead]));
    }

    private static Lease? Play(IEnumerable<string> steps)
    {
        var now = DateTimeOffset.UnixEpoch;
        Lease? lease = null;
        foreach (var step in steps)
        {
            if (double.TryParse(step, CultureInfo.InvariantCulture, out var seconds))
            {
                now += TimeSpan.FromSeconds(seconds);
            }

            lease = LeaseMachine.Apply(lease, "one", Read(step), now);
        }

        return lease;
    }

    private static Fact Read(string step) =>
        step switch
        {
            "R" => new Fact.Renewed("localhost:1", Ttl),
            "A" => new Fact.Answered(TimeSpan.FromMilliseconds(1)),
            "M" => new Fact.Missed("/alive answered 404"),
            "X" => new Fact.Refused(),
            "L" => new Fact.Left(),
            _ => new Fact.Tick(),
        };

    /// <summary>
    /// Says the same from first principles: an instance is out at every moment when its lease was over, or the last two
    /// probes were bad, or one was refused; it stays as bad as it was until the last two probes are good.
    /// </summary>
    private static InstanceState? Twin(List<string> steps)
    {
        var start = steps.IndexOf("R");
        if (start < 0)
        {
            return null;
        }

        var worst = InstanceState.Live;
        for (var end = start; end < steps.Count; end++)
        {
            var past = steps.Take(end + 1).Skip(start).ToList();
            var age = past.Skip(past.LastIndexOf("R")).Count(step => step is "1");
            var probes = past.Where(step => step is "A" or "M" or "X").TakeLast(2).ToList();
            var isOut = age >= 5 || probes is [.., "X"] or ["M" or "X", "M"];
            worst =
                isOut ? InstanceState.Dead
                : probes is ["A", "A"] ? InstanceState.Live
                : probes is [.., "M"] && worst is InstanceState.Live ? InstanceState.Suspect
                : worst;
            if (age >= 65)
            {
                return null;
            }
        }

        return worst;
    }
}
