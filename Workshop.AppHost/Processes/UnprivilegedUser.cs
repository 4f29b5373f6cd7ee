using System.Globalization;

namespace Workshop.AppHost.Processes;

/// <summary>The user under whom a database runs when the host itself is root: PostgreSQL refuses root.</summary>
/// <param name="Name">The account's name.</param>
/// <param name="UserId">The user's number.</param>
/// <param name="GroupId">The number of the user's own group.</param>
public sealed record UnprivilegedUser(string Name, uint UserId, uint GroupId)
{
    private const string Accounts = "/etc/passwd";

    /// <summary>In order of preference.</summary>
    private static readonly string[] Candidates = ["postgres", "nobody"];

    /// <summary>The user to run databases as, or null where the host is not root and needs no other user.</summary>
    /// <exception cref="InvalidOperationException">
    /// The host is root and the machine has no other account that fits.
    /// </exception>
    public static UnprivilegedUser? Needed() =>
        !Environment.IsPrivilegedProcess
            ? null
            : Choose(File.ReadLines(Accounts))
                ?? throw new InvalidOperationException(
                    "The host runs as root, and this machine has neither a user 'postgres' nor 'nobody' for PostgreSQL, "
                        + "which refuses root. Start the workshop as an ordinary user."
                );

    /// <summary>Picks the first candidate among the lines of a passwd file.</summary>
    internal static UnprivilegedUser? Choose(IEnumerable<string> passwd)
    {
        var accounts = passwd.Select(line => line.Split(':')).Where(fields => fields.Length >= 4).ToArray();
        return Candidates
            .Select(name =>
                Array.Find(accounts, fields => string.Equals(fields[0], name, StringComparison.Ordinal)) is { } fields
                    ? new UnprivilegedUser(name, Number(fields[2]), Number(fields[3]))
                    : null
            )
            .FirstOrDefault(user => user is { UserId: > 0 });
    }

    /// <summary>
    /// Whether any user may walk to <paramref name="folder"/>: every folder above it lets others pass.
    /// </summary>
    public static bool CanReach(string folder)
    {
        for (
            var parent = Path.GetDirectoryName(Path.GetFullPath(folder));
            parent is not null;
            parent = Path.GetDirectoryName(parent)
        )
        {
            if (Directory.Exists(parent) && !File.GetUnixFileMode(parent).HasFlag(UnixFileMode.OtherExecute))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// Gives a folder of the host's own, which nobody else could enter so far, and all in it to this user; the folder last.
    /// </summary>
    internal void Own(string folder)
    {
        foreach (var entry in Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories))
        {
            SystemCalls.ChangeOwner(entry, this);
        }

        SystemCalls.ChangeOwner(folder, this);
    }

    private static uint Number(string text) => uint.Parse(text, CultureInfo.InvariantCulture);
}
