using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Workshop.AppHost.Postgres;
using Workshop.AppHost.Processes;

namespace Workshop.AppHost.Hosting;

/// <summary>
/// The state folder while a workshop works with it: locked, and removed at the end of an ephemeral run.
/// </summary>
internal sealed class StateFolder : IDisposable
{
    /// <summary>Only the owner looks into it: secrets, and carts with people's names.</summary>
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>The databases' own user passes through to their folders, and sees nothing on the way.</summary>
    private const UnixFileMode OthersPass = OwnerOnly | UnixFileMode.OtherExecute;

    private readonly bool isEphemeral;
    private readonly StateLock stateLock;

    /// <summary>Words by file that say with which options the folder is worked with, once a start goes on with them.</summary>
    private readonly Dictionary<string, string> markers = new(StringComparer.Ordinal);

    private ForgottenData? forgotten;

    private StateFolder(string root, bool isEphemeral, StateLock stateLock)
    {
        Root = root;
        this.isEphemeral = isEphemeral;
        this.stateLock = stateLock;
        DatabaseFolder = ChooseDatabaseFolder(root);
    }

    /// <summary>The folder.</summary>
    internal string Root { get; }

    /// <summary>Holds the database servers' folders.</summary>
    internal string DatabaseFolder { get; }

    /// <summary>Whether the run before this one was killed, and what it started may still be ending.</summary>
    internal bool WasAbandoned => stateLock.WasAbandoned;

    /// <summary>Locks the folder, and sets aside what it holds where that is to be forgotten.</summary>
    /// <param name="options">What a person chose.</param>
    /// <param name="checkout">The folder that holds <c>.workshop</c> unless another one is named.</param>
    /// <param name="address">Where this workshop is found, for whoever finds the folder locked.</param>
    /// <exception cref="HostException">Another workshop works with it, or it cannot be made.</exception>
    internal static StateFolder Open(WorkshopOptions options, string checkout, string address)
    {
        var root =
            options.Ephemeral ? "of an ephemeral workshop"
            : options.StateFolder is { } named ? Path.GetFullPath(named)
            : Path.Combine(checkout, ".workshop");
        try
        {
            EphemeralFolders.RemoveAbandoned();
            root = options.Ephemeral ? EphemeralFolders.Make() : root;
            Directory.CreateDirectory(root);
            RequireOwn(root);
            if (!options.Ephemeral && options.StateFolder is not null)
            {
                RequireOfAWorkshop(root);
            }

            if (OperatingSystem.IsLinux())
            {
                File.SetUnixFileMode(root, UnprivilegedUser.Needed() is null ? OwnerOnly : OthersPass);
            }

            var folder = new StateFolder(root, options.Ephemeral, StateLock.Take(root, address));
            try
            {
                folder.Prepare(options);
                return folder;
            }
            catch
            {
                folder.stateLock.GiveUp();
                folder.PutBack();
                folder.Forget();
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HostException(
                $"The state folder {root} cannot be used: {e.Message} Mend that, or name another folder in {WorkshopOptions.StateVariable}.",
                e
            );
        }
    }

    /// <summary>The folder of a service's own, made at its first start.</summary>
    internal string DataOf(string service) => Path.Combine(Data, service);

    /// <summary>
    /// Makes a service's data folder. The account of the databases passes through the state folder, and has no business with
    /// what services keep.
    /// </summary>
    internal void MakeDataOf(string service)
    {
        Directory.CreateDirectory(Data);
        if (OperatingSystem.IsLinux())
        {
            File.SetUnixFileMode(Data, OwnerOnly);
        }

        Directory.CreateDirectory(DataOf(service));
    }

    private string Data => Path.Combine(Root, "data");

    /// <summary>
    /// The start goes on: what was set aside is forgotten, and the folder is these options' from now on. Before, a start that is
    /// refused leaves everything as it was.
    /// </summary>
    internal void Settle()
    {
        forgotten?.Delete();
        forgotten = null;
        foreach (var (path, word) in markers)
        {
            WholeFile.Replace(path, Encoding.UTF8.GetBytes(word));
        }
    }

    public void Dispose()
    {
        PutBack();
        stateLock.Dispose();
        Forget();
    }

    private void PutBack()
    {
        forgotten?.PutBack();
        forgotten = null;
    }

    private void Forget()
    {
        if (isEphemeral)
        {
            DataFolder.Delete(DatabaseFolder);
            DataFolder.Delete(Root);
        }
    }

    private void Prepare(WorkshopOptions options)
    {
        if (options.Reset)
        {
            forgotten = new(Root, DatabaseFolder);
            forgotten.SetAside();
        }

        Directory.CreateDirectory(DatabaseFolder);
        RequireSameKind(options.Databases);
        RequireSamePlace(options.Databases);
        RequireNoFewer("consensus-replicas", "The ledger", options.ConsensusReplicas);
        RequireNoFewer("registry-replicas", "What the registry decided", options.RegistryReplicas);
    }

    /// <summary>
    /// Beside the rest; but where the databases run as another user who may not enter there (a checkout in root's home,
    /// say), in a place of the machine's that is this checkout's own.
    /// </summary>
    private static string ChooseDatabaseFolder(string root)
    {
        var usual = Path.Combine(root, "postgres");
        if (UnprivilegedUser.Needed() is null || UnprivilegedUser.CanReach(Path.Combine(usual, "data")))
        {
            return usual;
        }

        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(root)))[..16];
        var elsewhere = Path.Combine(PostgresPackage.CacheFolder(), "data", name);
        Console.WriteLine($"The databases' user may not enter {root}; their data is in {elsewhere}.");
        return elsewhere;
    }

    /// <summary>
    /// Orders that were kept by one kind of database are not in the other: nobody is shown an empty shop unasked.
    /// </summary>
    private void RequireSameKind(DatabaseKind chosen)
    {
        var path = Path.Combine(Root, "databases");
        var kept =
            File.Exists(path) && Enum.TryParse<DatabaseKind>(File.ReadAllText(path), ignoreCase: true, out var read)
                ? read
            : Directory.EnumerateDirectories(DatabaseFolder).Any(DataFolder.Exists) ? DatabaseKind.Native
            : chosen;
        if (kept != chosen)
        {
            var (was, now) = (Word(kept), Word(chosen));
            var volumes =
                kept is DatabaseKind.Containers ? " (their volumes go only with --databases containers --reset)" : "";
            throw new HostException(
                $"The orders of this folder are in {was} databases, and --databases {now} would not see them. Start with "
                    + $"--databases {was}, forget them with --databases {now} --reset{volumes}, or keep both: "
                    + $"{WorkshopOptions.StateVariable}=<another folder>."
            );
        }

        markers[path] = Word(chosen);

        static string Word(DatabaseKind kind) => kind is DatabaseKind.Native ? "native" : "containers";
    }

    /// <summary>
    /// Data outside of the folder are named by its place: under another path they would not be found, and the shop be empty.
    /// </summary>
    private void RequireSamePlace(DatabaseKind chosen)
    {
        var path = Path.Combine(Root, "place");
        var isOutside =
            chosen is DatabaseKind.Containers
            || !DatabaseFolder.StartsWith(Root + Path.DirectorySeparatorChar, StringComparison.Ordinal);
        if (
            File.Exists(path)
            && File.ReadAllText(path) is { Length: > 0 } before
            && !string.Equals(before, Root, StringComparison.Ordinal)
        )
        {
            throw new HostException(
                $"The orders of this folder are kept under the name of its earlier place, {before}. Start it from there, or "
                    + "forget them with --reset."
            );
        }

        if (isOutside)
        {
            markers[path] = Root;
        }
    }

    /// <summary>
    /// One of several replicas may lack what was decided last: alone it would go on without, and what others were told is gone.
    /// </summary>
    private void RequireNoFewer(string option, string what, int chosen)
    {
        var path = Path.Combine(Root, option);
        var kept =
            File.Exists(path) && int.TryParse(File.ReadAllText(path), CultureInfo.InvariantCulture, out var read)
                ? read
                : 1;
        if (chosen < kept)
        {
            throw new HostException(
                $"{what} is kept by {kept} replicas in this folder, and {chosen} alone may lack the last of it. Start with "
                    + $"--{option} {kept}, forget it with --reset, or keep both: "
                    + $"{WorkshopOptions.StateVariable}=<another folder>."
            );
        }

        if (chosen > 1)
        {
            markers[path] = chosen.ToString(CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Whoever owns the folder could put anything in it, and read every secret.</summary>
    private static void RequireOwn(string root)
    {
        if (OperatingSystem.IsLinux() && SystemCalls.OwnerOf(root) != SystemCalls.OwnUser)
        {
            throw new IOException("It is another user's, or a link.");
        }
    }

    /// <summary>A folder that somebody named may be any: its mode would be changed, and <c>--reset</c> would empty it.</summary>
    private static void RequireOfAWorkshop(string root)
    {
        if (!StateLock.HasBeenIn(root) && Directory.EnumerateFileSystemEntries(root).Any())
        {
            throw new IOException("It is not empty, and what it holds is not a workshop's.");
        }
    }
}
