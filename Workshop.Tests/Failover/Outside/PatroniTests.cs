using System.ComponentModel;
using LaboratoryBench.Failover.Outside;
using Xunit;

namespace Workshop.Tests.Failover.Outside;

/// <summary>Databases that Patroni fails over: one kill, in short; <c>bench/patroni/run.sh</c> does all faults.</summary>
[Trait("Needs", "containers")]
public sealed class PatroniTests
{
    [Fact]
    public async Task A_primary_that_is_killed_under_Patroni_costs_no_acknowledged_order()
    {
        Assert.SkipUnless(
            Environment.IsPrivilegedProcess && File.Exists("/etc/debian_version") && await HasEngine(),
            "The cluster is made of Debian's packages by Podman, as root."
        );
        await using var side = await PatroniSide.Start();

        var result = await new OutsideRun(side, [OutsideFault.KillPrimary], times: 1, arrivalsPerSecond: 8).Go();

        Assert.Empty(result.Violations);
        Assert.Single(result.Strikes);
        Assert.NotEqual(0, result.Acknowledged);
    }

    private static async Task<bool> HasEngine()
    {
        try
        {
            return (await Podman.Run("version")).Length > 0;
        }
        catch (Exception error) when (error is Win32Exception or InvalidOperationException)
        {
            return false;
        }
    }
}
