using System.Globalization;
using Npgsql;
using Workshop.AppHost.Processes;

namespace Workshop.AppHost.Postgres;

/// <summary>A server that does not run at this moment: what makes its data folder a primary's or a standby's.</summary>
public class PostgresFiles
{
    /// <summary>The superuser's name.</summary>
    public const string User = "postgres";

    private static readonly TimeSpan InitializeLimit = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan RewindLimit = TimeSpan.FromSeconds(60);

    /// <summary>Nothing of the caller's environment may change what a server does.</summary>
    private protected static readonly IReadOnlyDictionary<string, string> CleanEnvironment = new Dictionary<
        string,
        string
    >(StringComparer.Ordinal)
    {
        ["PATH"] = "/usr/local/bin:/usr/bin:/bin",
        ["LC_ALL"] = "C",
        ["TZ"] = "UTC",
    };

    private protected readonly PostgresInstallation installation;
    private protected readonly PostgresOptions options;
    private protected readonly UnprivilegedUser? account = UnprivilegedUser.Needed();

    /// <summary>The slot at its primary, where it is a standby.</summary>
    public string Slot => options.Slot;

    /// <summary>A server's files.</summary>
    /// <param name="installation">The programs.</param>
    /// <param name="options">Its place.</param>
    public PostgresFiles(PostgresInstallation installation, PostgresOptions options)
    {
        this.installation = installation;
        this.options = options with { Folder = Path.GetFullPath(options.Folder) };
    }

    /// <summary>The server's name.</summary>
    public string Name => options.Name;

    /// <summary>The data folder.</summary>
    public string Folder => options.Folder;

    /// <summary>The port on loopback.</summary>
    public int Port => options.Port;

    /// <summary>Whether the data folder holds a server's data.</summary>
    public bool IsInitialized => DataFolder.Exists(Folder);

    /// <summary>Whether it starts, or runs, as a standby.</summary>
    public bool IsStandby => DataFolder.IsStandby(Folder);

    /// <summary>How a client reaches <paramref name="database"/> on this server as its superuser.</summary>
    public string ConnectionString(string database = "postgres") =>
        new NpgsqlConnectionStringBuilder
        {
            Host = "localhost",
            Port = Port,
            Username = User,
            Password = options.Password,
            Database = database,
        }.ConnectionString;

    /// <summary>Makes the data folder: UTF-8, data checksums, passwords by SCRAM for everyone.</summary>
    /// <exception cref="InvalidOperationException"><c>initdb</c> failed; the message holds its output.</exception>
    public Task Initialize(CancellationToken ct) => DataFolder.Renew(Folder, draft => Initialize(draft, ct));

    /// <summary>
    /// Makes this server's folder, whatever it held, a fresh copy of a running primary's, ready to start as its
    /// standby.
    /// </summary>
    public Task CopyFrom(PostgresFiles primary, CancellationToken ct) =>
        DataFolder.Renew(
            Folder,
            async draft =>
            {
                await using var session = await ServerSession.Open(primary.ConnectionString(), ct);
                await session.MakeSlot(options.Slot, ct);
                await session.BeginBackup(Name, ct);
                await Task.Run(() => DataFolder.Copy(primary.Folder, draft, withLog: false), ct);
                await File.WriteAllTextAsync(Path.Combine(draft, "backup_label"), await session.EndBackup(ct), ct);
                // Before it takes the folder's place: there it must never look like a primary's.
                Follow(primary, draft);
                account?.Own(draft);
            }
        );

    /// <summary>
    /// Takes what this server wrote beyond <paramref name="primary"/>'s history back out of its folder, by
    /// <c>pg_rewind</c>.
    /// </summary>
    /// <returns>
    /// False where the program is not there, or could not; the folder is then good for a fresh copy only.
    /// </returns>
    public async Task<bool> RewindTo(PostgresFiles primary, CancellationToken ct)
    {
        if (installation.Rewind is not { } program || !IsInitialized || DataFolder.Damage(Folder) is not null)
        {
            return false;
        }

        File.Delete(Path.Combine(Folder, "postmaster.pid"));
        string[] arguments =
        [
            $"--target-pgdata={Folder}",
            $"--source-server={primary.ConnectionInfo(Name, User)} dbname=postgres",
        ];
        // Everybody on the machine can read a program's arguments; its environment is its user's alone.
        var command = Program(program, arguments) with
        {
            Environment = new Dictionary<string, string>(CleanEnvironment, StringComparer.Ordinal)
            {
                ["PGPASSWORD"] = options.Password,
            },
        };
        DataFolder.BeginRewind(Folder);
        try
        {
            var (exitCode, _) = await command.Run(RewindLimit, ct);
            if (exitCode != 0)
            {
                return false;
            }
        }
        catch (TimeoutException)
        {
            // So much has parted that a copy is no slower.
            return false;
        }

        await using var session = await ServerSession.Open(primary.ConnectionString(), ct);
        await session.MakeSlot(options.Slot, ct);
        Follow(primary);
        DataFolder.EndRewind(Folder);
        return true;
    }

    /// <summary>Makes this server start as a standby of <paramref name="primary"/> with the data that it has.</summary>
    public void Follow(PostgresFiles primary) => Follow(primary, Folder);

    private void Follow(PostgresFiles primary, string folder)
    {
        var place = primary.ConnectionInfo(Name, options.ReplicationUser ?? User);
        var password = options.ReplicationPassword ?? options.Password;
        DataFolder.FollowPrimary(folder, $"{place} password={password}", options.Slot);
    }

    /// <summary>The program that serves the folder, and its arguments.</summary>
    internal string[] StartWords => [.. Command.TiedToParent(account), installation.Postgres, "-D", Folder];

    /// <summary>Last before a start: writes the server's settings.</summary>
    internal void WriteSettings() => PostgresSettings.Write(options);

    /// <summary>A program of PostgreSQL's, run as the account to whom the folder belongs.</summary>
    private protected Command Program(string program, IReadOnlyList<string> arguments) =>
        new(program, arguments, Path.GetDirectoryName(Folder)!, CleanEnvironment, account);

    private string ConnectionInfo(string standby, string user) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"host=localhost port={Port} user={user} application_name={standby} connect_timeout=2"
        );

    private async Task Initialize(string draft, CancellationToken ct)
    {
        Directory.CreateDirectory(draft);
        account?.Own(draft);
        var passwordFile = await WritePassword(ct);
        try
        {
            string[] arguments =
            [
                $"--pgdata={draft}",
                $"--username={User}",
                $"--pwfile={passwordFile}",
                "--auth=scram-sha-256",
                "--data-checksums",
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--locale=C",
                "--no-instructions",
            ];
            var (exitCode, output) = await Program(installation.InitDb, arguments).Run(InitializeLimit, ct);
            if (exitCode != 0)
            {
                throw new InvalidOperationException($"{Name}: initdb failed with exit code {exitCode}\n{output}");
            }
        }
        finally
        {
            File.Delete(passwordFile);
        }
    }

    private async Task<string> WritePassword(CancellationToken ct)
    {
        var path = Folder + ".password";
        File.Delete(path);
        await using (var writer = new StreamWriter(GuardedFiles.Create(path)))
        {
            await writer.WriteLineAsync(options.Password.AsMemory(), ct);
        }

        if (account is not null)
        {
            SystemCalls.ChangeOwner(path, account);
        }

        return path;
    }
}
