using Workshop.AppHost.Postgres;
using Xunit;

namespace Workshop.Tests.AppHost.Postgres;

/// <summary>Which server of a pair leads: the case table.</summary>
public sealed class DatabaseRolesTests
{
    /// <summary>A folder: <c>-</c> empty, <c>P3</c> may lead on timeline 3, <c>S3</c> follows on timeline 3.</summary>
    [Theory]
    [InlineData("-", "-", DatabaseRole.NewPrimary, DatabaseRole.CopiedStandby)]
    [InlineData("P1", "-", DatabaseRole.Primary, DatabaseRole.CopiedStandby)]
    [InlineData("P1", "S1", DatabaseRole.Primary, DatabaseRole.Standby)]
    [InlineData("S2", "P2", DatabaseRole.Standby, DatabaseRole.Primary)]
    [InlineData("-", "P2", DatabaseRole.CopiedStandby, DatabaseRole.Primary)]
    [InlineData("P1", "P2", DatabaseRole.CopiedStandby, DatabaseRole.Primary)]
    [InlineData("P3", "P2", DatabaseRole.Primary, DatabaseRole.CopiedStandby)]
    [InlineData("P2", "P2", DatabaseRole.Primary, DatabaseRole.CopiedStandby)]
    [InlineData("S2", "S2", DatabaseRole.Primary, DatabaseRole.Standby)]
    [InlineData("S2", "-", DatabaseRole.Primary, DatabaseRole.CopiedStandby)]
    [InlineData("-", "S2", DatabaseRole.CopiedStandby, DatabaseRole.Primary)]
    internal void The_later_timeline_leads_and_the_other_follows(
        string first,
        string second,
        DatabaseRole roleOfFirst,
        DatabaseRole roleOfSecond
    )
    {
        Assert.Equal(roleOfFirst, DatabaseRoles.Decide(Read(first), Read(second), isSecond: false));
        Assert.Equal(roleOfSecond, DatabaseRoles.Decide(Read(second), Read(first), isSecond: true));
    }

    [Fact]
    public void Never_do_both_lead()
    {
        string[] folders = ["-", "P1", "P2", "P3", "S1", "S2", "S3"];
        foreach (var (first, second) in folders.SelectMany(_ => folders, (first, second) => (first, second)))
        {
            DatabaseRole[] roles =
            [
                DatabaseRoles.Decide(Read(first), Read(second), isSecond: false),
                DatabaseRoles.Decide(Read(second), Read(first), isSecond: true),
            ];
            Assert.Single(roles, role => role is DatabaseRole.Primary or DatabaseRole.NewPrimary);
        }
    }

    private static DatabaseFacts Read(string folder) =>
        folder is "-" ? new(false, false, 0) : new(true, folder[0] is 'S', folder[1] - '0');
}
