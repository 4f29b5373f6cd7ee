namespace Workshop.AppHost.Postgres;

/// <summary>
/// The data of a second server that this run does not have (basic mode after a run with two). Where the second server
/// led last, its data is the shop's, and becomes the first server's.
/// </summary>
internal static class AbandonedPartner
{
    private const string FirstName = "postgres-1";

    private const string SecondName = "postgres-2";

    /// <summary>
    /// Looks beside <paramref name="folder"/>, takes the partner's data if it is the newer, and removes it.
    /// </summary>
    internal static void TakeOver(string folder, ConductorMemory memory)
    {
        var partner = Path.Combine(Path.GetDirectoryName(folder)!, SecondName);
        if (
            !string.Equals(Path.GetFileName(folder), FirstName, StringComparison.Ordinal) || !DataFolder.Exists(partner)
        )
        {
            return;
        }

        var isDamaged = DataFolder.Exists(folder) && DataFolder.Damage(folder) is not null;
        if (isDamaged && !memory.MayLead(SecondName))
        {
            // Neither is known to be the shop's: both are kept for a person.
            return;
        }

        if (!isDamaged && DataFolder.Exists(folder) && memory.LeadsAlone(FirstName))
        {
            // It was given up when the mode became basic. A backup that was restored since may be of an earlier timeline.
            DataFolder.Delete(partner);
            return;
        }

        var self = new DatabaseFacts(
            DataFolder.Exists(folder) && !isDamaged,
            DataFolder.IsStandby(folder),
            DataFolder.Timeline(folder)
        );
        var other = new DatabaseFacts(
            DataFolder.Damage(partner) is null,
            DataFolder.IsStandby(partner),
            DataFolder.Timeline(partner)
        );
        var role = DatabaseRoles.Decide(self, other, isSecond: false);
        if (role is DatabaseRole.Primary)
        {
            DataFolder.Delete(partner);
        }
        else if (other.HasData)
        {
            DataFolder.Replace(folder, partner);
        }
    }
}
