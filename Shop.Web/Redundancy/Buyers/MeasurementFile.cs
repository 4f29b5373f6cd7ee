using System.Text.Json;
using Shop.Web.Api;
using Workshop.ServiceDefaults.Files;

namespace Shop.Web.Redundancy.Buyers;

/// <summary>Every finished run, one line of JSON each, so that the modes can be compared across starts of the workshop.</summary>
public sealed class MeasurementFile
{
    /// <summary>Runs that are shown; older ones stay in the file.</summary>
    private const int Shown = 200;

    private readonly Lock gate = new();
    private readonly string? path;
    private readonly List<Measurement> runs = [];

    /// <summary>Reads what there is.</summary>
    /// <param name="configuration">Names the folder.</param>
    /// <param name="logger">Hears of what cannot be read or kept.</param>
    public MeasurementFile(IConfiguration configuration, ILogger<MeasurementFile> logger)
    {
        if (configuration["Workshop:DataDirectory"] is not { Length: > 0 } folder)
        {
            return;
        }

        path = Path.Combine(folder, "measurements.jsonl");
        try
        {
            Directory.CreateDirectory(folder);
            if (Directory.Exists(path))
            {
                StateFile.SetAside(path, "It is a folder.", logger);
            }
            else if (File.Exists(path))
            {
                runs.AddRange(File.ReadLines(path).TakeLast(Shown).Select(Read).OfType<Measurement>());
                using var file = File.OpenHandle(path, access: FileAccess.ReadWrite);
                LineFile.EndTornLine(file);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            LogMessages.RunsNotKept(logger, path, error.Message);
        }
    }

    /// <summary>The runs, oldest first.</summary>
    public IReadOnlyList<Measurement> Runs
    {
        get
        {
            lock (gate)
            {
                return [.. runs];
            }
        }
    }

    /// <summary>Adds a run.</summary>
    /// <param name="run">The run.</param>
    public void Add(Measurement run)
    {
        lock (gate)
        {
            runs.Add(run);
            if (path is not null)
            {
                File.AppendAllText(path, JsonSerializer.Serialize(run, ServiceCaller.Json) + "\n");
            }
        }
    }

    /// <summary>A line that a crash tore is no measurement.</summary>
    private static Measurement? Read(string line)
    {
        try
        {
            return Measurement.IfMeasured(JsonSerializer.Deserialize<Measurement>(line, ServiceCaller.Json));
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
