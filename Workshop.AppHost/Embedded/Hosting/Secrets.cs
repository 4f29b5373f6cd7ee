using System.Text.Json;

namespace Workshop.AppHost.Embedded.Hosting;

/// <summary>Generated values that must be the same in the next run: a file that only its owner may read.</summary>
internal sealed class Secrets(string stateFolder)
{
    private readonly Lock gate = new();

    /// <summary>The kept value of <paramref name="name"/>, or a new one, kept from now on.</summary>
    /// <exception cref="HostException">The file cannot be read.</exception>
    internal string GetOrAdd(string name, Func<string> create)
    {
        lock (gate)
        {
            var path = Path.Combine(stateFolder, "secrets.json");
            var values = Read(path);
            if (!values.TryGetValue(name, out var value))
            {
                values[name] = value = create();
                Write(path, values);
            }

            return value;
        }
    }

    private static Dictionary<string, string> Read(string path)
    {
        if (!File.Exists(path))
        {
            return new(StringComparer.Ordinal);
        }

        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(path))!;
        }
        catch (JsonException e)
        {
            throw new HostException(
                $"{path} is damaged. Without it the databases cannot be opened: mend it, or use --reset.",
                e
            );
        }
    }

    /// <summary>
    /// Writes beside the file and renames: a crash leaves the old file or the new one, never half of one.
    /// </summary>
    private static void Write(string path, Dictionary<string, string> values)
    {
        var draft = path + ".new";
        File.Delete(draft);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using (var stream = new FileStream(draft, options))
        {
            JsonSerializer.Serialize(stream, values);
            stream.Flush(flushToDisk: true);
        }

        File.Move(draft, path, overwrite: true);
    }
}
