using System.Globalization;
using System.Text.RegularExpressions;
using Workshop.AppHost.Processes;

namespace Workshop.AppHost.Postgres;

/// <summary>A PostgreSQL server's programs.</summary>
/// <param name="BinFolder">Holds <c>initdb</c> and <c>postgres</c>.</param>
/// <param name="MajorVersion">17 or later.</param>
/// <param name="Source">Where it came from, for people.</param>
public sealed partial record PostgresInstallation(string BinFolder, int MajorVersion, string Source)
{
    /// <summary>Names a folder with PostgreSQL's programs, or its parent, to be used before all others.</summary>
    public const string FolderVariable = "WORKSHOP_POSTGRES";

    /// <summary>The oldest version that fits.</summary>
    private const int MinMajorVersion = 17;

    private static readonly TimeSpan VersionLimit = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Where distributions and installers put their servers: a folder per version, with <c>bin</c> in it.
    /// </summary>
    private static readonly (string Folder, string Pattern)[] UsualPlaces =
    [
        ("/usr/lib/postgresql", "*"),
        ("/usr", "pgsql-*"),
        ("/opt", "postgresql*"),
        ("/usr/local", "pgsql*"),
    ];

    /// <summary>The server program.</summary>
    public string Postgres => Path.Combine(BinFolder, "postgres");

    /// <summary>The program that mends a former primary's folder, where the installation has it.</summary>
    public string? Rewind => Path.Combine(BinFolder, "pg_rewind") is var path && File.Exists(path) ? path : null;

    /// <summary>The program that makes a data folder.</summary>
    public string InitDb => Path.Combine(BinFolder, "initdb");

    /// <summary>
    /// Finds a server: the configured folder, else the newest installed one of version 17 or later, else the pinned
    /// npm package, which is fetched once per machine.
    /// </summary>
    /// <param name="configuredFolder">A folder that a person named, or null.</param>
    /// <param name="progress">Told what takes long, in a sentence.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="InvalidOperationException">There is none; the message says what to do.</exception>
    public static async Task<PostgresInstallation> FindOrFetch(
        string? configuredFolder,
        Action<string> progress,
        CancellationToken ct
    )
    {
        if (!string.IsNullOrWhiteSpace(configuredFolder))
        {
            return await TryFolder(configuredFolder, "configured", ct)
                ?? await TryFolder(Path.Combine(configuredFolder, "bin"), "configured", ct)
                ?? throw new InvalidOperationException(
                    $"{configuredFolder} ({FolderVariable}) holds no PostgreSQL {MinMajorVersion} or newer: "
                        + "'postgres' and 'initdb' are looked for in it and in its folder 'bin'."
                );
        }

        return await FindInstalled(ct)
            ?? await TryFolder(await PostgresPackage.Fetch(progress, ct), "npm package", ct)
            ?? throw new InvalidOperationException(
                "The PostgreSQL of the npm package does not run on this machine. Install PostgreSQL "
                    + $"{MinMajorVersion} or newer, or name its folder in {FolderVariable}."
            );
    }

    /// <summary>Reads <c>postgres (PostgreSQL) 18.4 (…)</c>; null if it is something else.</summary>
    internal static int? ParseMajorVersion(string output) =>
        VersionPattern().Match(output) is { Success: true } match
            ? int.Parse(match.Groups["major"].ValueSpan, CultureInfo.InvariantCulture)
            : null;

    private static async Task<PostgresInstallation?> FindInstalled(CancellationToken ct)
    {
        var onPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(
            ':',
            StringSplitOptions.RemoveEmptyEntries
        );
        var places = UsualPlaces
            .Where(place => Directory.Exists(place.Folder))
            .SelectMany(place => Directory.EnumerateDirectories(place.Folder, place.Pattern))
            .Select(folder => Path.Combine(folder, "bin"));
        var found = new List<PostgresInstallation>();
        foreach (var folder in places.Concat(onPath))
        {
            if (await TryFolder(folder, "installed", ct) is { } installation)
            {
                found.Add(installation);
            }
        }

        return found.MaxBy(installation => installation.MajorVersion);
    }

    private static async Task<PostgresInstallation?> TryFolder(string folder, string source, CancellationToken ct)
    {
        var installation = new PostgresInstallation(Path.GetFullPath(folder), 0, source);
        if (!File.Exists(installation.Postgres) || !File.Exists(installation.InitDb))
        {
            return null;
        }

        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["LC_ALL"] = "C" };
        var command = new Command(installation.Postgres, ["--version"], "/", environment, UnprivilegedUser.Needed());
        var (exitCode, output) = await command.Run(VersionLimit, ct);
        return exitCode == 0 && ParseMajorVersion(output) is >= MinMajorVersion and var version
            ? installation with
            {
                MajorVersion = version,
            }
            : null;
    }

    [GeneratedRegex(@"\(PostgreSQL\) (?<major>\d+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex VersionPattern();
}
