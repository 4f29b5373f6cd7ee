using System.Text.Json;
using Workshop.ServiceDefaults.Files;

namespace Registry.Observer;

/// <summary>The last primary on disk; in memory alone where the service was given no folder.</summary>
internal sealed class LastPrimaryFile(string? folder, ILogger logger)
{
    private readonly string? path = folder is null ? null : Path.Combine(folder, "observer.json");

    /// <summary>Null where nobody was followed yet, or the file is none of ours.</summary>
    public LastPrimary? Read() =>
        path is null ? null : StateFile.Read(path, content => JsonSerializer.Deserialize<LastPrimary>(content), logger);

    /// <summary>What cannot be written is told, and followed all the same.</summary>
    public void Write(LastPrimary last)
    {
        if (path is not null)
        {
            StateFile.TryWrite(path, JsonSerializer.SerializeToUtf8Bytes(last), logger);
        }
    }
}
