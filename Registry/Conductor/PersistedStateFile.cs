using System.Text.Json;
using Registry.Conductor.StateMachine;
using Workshop.ServiceDefaults.Files;

namespace Registry.Conductor;

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

    /// <summary>
    /// Returns when the persisted state outlives a power cut. One that fails may have been written all the same.
    /// </summary>
    /// <exception cref="IOException">There is no room, or no folder.</exception>
    public void Write(PersistedState persisted)
    {
        if (path is not null)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            DurableFile.Replace(path, JsonSerializer.SerializeToUtf8Bytes(persisted));
        }
    }
}
