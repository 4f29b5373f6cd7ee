using System.Text.Json;
using Workshop.ServiceDefaults.Files;

namespace Registry.Conductor;

/// <summary>
/// What has been decided about the pair, and must be known after a restart before anything else is done.
/// </summary>
/// <param name="Term">Rises by one with every decision for a new primary; 0 before the first.</param>
/// <param name="Primary">The server that may take writes; empty at term 0.</param>
/// <param name="Promotable">The server that may take its place, for it has all that was acknowledged; or null.</param>
/// <param name="Pending">The server that is to become primary in this term, until it is; or null.</param>
/// <param name="Rebuild">The server whose data are of an earlier term and must become a fresh copy; or null.</param>
internal sealed record PersistedState(
    long Term,
    string Primary,
    string? Promotable = null,
    string? Pending = null,
    string? Rebuild = null
)
{
    /// <summary>Nothing decided yet.</summary>
    public static PersistedState None { get; } = new(0, "");

    /// <summary>The other server of the pair is to become primary.</summary>
    public PersistedState Begin(string next) => this with { Term = Term + 1, Promotable = null, Pending = next };

    /// <summary>It has become primary; the old one must be made a copy of it.</summary>
    public PersistedState Complete() => new(Term, Pending ?? Primary, Rebuild: Pending is null ? Rebuild : Primary);
}

/// <summary>The persisted state on disk, in the service's own folder; in memory where it was given none.</summary>
internal sealed class PersistedStateFile(string? folder)
{
    private readonly string? path = folder is null ? null : Path.Combine(folder, "conductor.json");

    /// <summary>The last persisted state.</summary>
    /// <exception cref="JsonException">
    /// The file is not one of ours: nothing may be decided without knowing the term.
    /// </exception>
    /// <exception cref="IOException">There is something of its name that is no file.</exception>
    public PersistedState Read() =>
        path is not null && Directory.Exists(path) ? throw new IOException($"{path} is a folder.")
        : path is not null && File.Exists(path)
            ? JsonSerializer.Deserialize<PersistedState>(File.ReadAllBytes(path))
                ?? throw new JsonException($"{path} holds null.")
        : PersistedState.None;

    /// <summary>Returns when the persisted state outlives a power cut.</summary>
    public void Write(PersistedState persisted)
    {
        if (path is not null)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            DurableFile.Replace(path, JsonSerializer.SerializeToUtf8Bytes(persisted));
        }
    }
}
