namespace Workshop.AppHost.Postgres;

/// <summary>What can be seen of a database server without asking it.</summary>
/// <param name="HasData">Whether its folder holds data.</param>
/// <param name="IsStandby">Whether its folder says that it follows another.</param>
/// <param name="Timeline">The newest timeline that it knows; each promotion begins one.</param>
internal readonly record struct DatabaseFacts(bool HasData, bool IsStandby, int Timeline);

/// <summary>What a server is to be when it starts.</summary>
internal enum DatabaseRole
{
    /// <summary>The primary, with a new and empty folder.</summary>
    NewPrimary,

    /// <summary>The primary, with the data that it has.</summary>
    Primary,

    /// <summary>A standby of the other, with the data that it has.</summary>
    Standby,

    /// <summary>A standby of the other, with a fresh copy of it.</summary>
    CopiedStandby,
}

/// <summary>Decides which server of a pair is the primary. Pure: first match wins.</summary>
internal static class DatabaseRoles
{
    /// <summary>The role of one server.</summary>
    /// <param name="self">The server.</param>
    /// <param name="other">The other of the pair.</param>
    /// <param name="isSecond">Whether the server is the one that begins as a standby.</param>
    internal static DatabaseRole Decide(DatabaseFacts self, DatabaseFacts other, bool isSecond)
    {
        var selfMayLead = self is { HasData: true, IsStandby: false };
        var otherMayLead = other is { HasData: true, IsStandby: false };
        return (selfMayLead, otherMayLead) switch
        {
            // Both led once, so one was killed and replaced: a promotion begins a timeline, so the later one leads.
            (true, true) when self.Timeline > other.Timeline => DatabaseRole.Primary,
            (true, true) when self.Timeline < other.Timeline => DatabaseRole.CopiedStandby,
            (true, true) => isSecond ? DatabaseRole.CopiedStandby : DatabaseRole.Primary,
            (true, false) => DatabaseRole.Primary,
            (false, true) => self.HasData ? DatabaseRole.Standby : DatabaseRole.CopiedStandby,
            // Neither led: the first run, or the leader's folder is gone. Data, if any, is worth more than a clean start.
            (false, false) when self.HasData && (!other.HasData || !isSecond) => DatabaseRole.Primary,
            (false, false) when other.HasData => self.HasData ? DatabaseRole.Standby : DatabaseRole.CopiedStandby,
            _ => isSecond ? DatabaseRole.CopiedStandby : DatabaseRole.NewPrimary,
        };
    }
}
