using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Shop.Web.Api;
using Workshop.ServiceDefaults.Files;

namespace Shop.Web.Redundancy.Runs;

/// <summary>
/// The finished runs, a file each, so that a run has an address that outlives the storefront. Bounded: the oldest go. Without a
/// data folder they are kept in memory.
/// </summary>
public sealed class RunFolder
{
    /// <summary>Runs that are kept.</summary>
    public const int MostRuns = 40;

    /// <summary>Bytes of all files together; a run of the longest plan takes about one and a half million.</summary>
    public const long MostBytes = 32_000_000;

    private readonly Lock gate = new();
    private readonly SortedDictionary<int, RunRecord> inMemory = [];

    /// <summary>Of runs that were listed: a run does not change, and its file is large.</summary>
    private readonly ConcurrentDictionary<int, RunSummary> summaries = [];

    private readonly string? folder;
    private readonly ILogger<RunFolder> logger;
    private int last;

    /// <summary>Looks which runs there are.</summary>
    /// <param name="configuration">Names the folder.</param>
    /// <param name="logger">Hears of what cannot be read or kept.</param>
    public RunFolder(IConfiguration configuration, ILogger<RunFolder> logger)
    {
        this.logger = logger;
        if (configuration["Workshop:DataDirectory"] is { Length: > 0 } data)
        {
            folder = Path.Combine(data, "runs");
            last = Numbers() is [.., var newest] ? newest : 0;
        }
    }

    /// <summary>Numbers of the runs that are kept, oldest first.</summary>
    public IReadOnlyList<int> Numbers()
    {
        if (folder is null)
        {
            lock (gate)
            {
                return [.. inMemory.Keys];
            }
        }

        try
        {
            return Directory.Exists(folder)
                ? [.. Directory.EnumerateFiles(folder, "*.json").Select(NumberOf).OfType<int>().Order()]
                : [];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            LogMessages.RunsNotKept(logger, folder, error.Message);
            return [];
        }
    }

    /// <summary>The runs that are kept, in short, newest first.</summary>
    public IReadOnlyList<RunSummary> List()
    {
        var numbers = Numbers();
        foreach (var gone in summaries.Keys.Except(numbers))
        {
            summaries.TryRemove(gone, out _);
        }

        return [.. numbers.Reverse().Select(Summary).OfType<RunSummary>()];
    }

    /// <summary>Finds a run.</summary>
    /// <param name="number">Its number.</param>
    /// <returns>The run; null where there is none, or its file cannot be read.</returns>
    public RunRecord? Find(int number)
    {
        if (folder is not null)
        {
            return StateFile.Read(
                FileOf(folder, number),
                content => JsonSerializer.Deserialize<RunRecord>(content, ServiceCaller.Json),
                logger
            );
        }

        lock (gate)
        {
            return inMemory.GetValueOrDefault(number);
        }
    }

    /// <summary>Keeps a run, and lets go of the oldest where there are too many.</summary>
    /// <param name="make">Makes the record once its number is known.</param>
    /// <returns>The record.</returns>
    public RunRecord Add(Func<int, RunRecord> make)
    {
        lock (gate)
        {
            var run = make(++last);
            if (folder is null)
            {
                inMemory.Add(run.Number, run);
                while (inMemory.Count > MostRuns)
                {
                    inMemory.Remove(inMemory.Keys.First());
                }
            }
            else if (
                StateFile.TryWrite(
                    FileOf(folder, run.Number),
                    JsonSerializer.SerializeToUtf8Bytes(run, ServiceCaller.Json),
                    logger
                )
            )
            {
                Prune(folder);
            }

            return run;
        }
    }

    private RunSummary? Summary(int number) =>
        summaries.TryGetValue(number, out var known) ? known
        : Find(number) is { } run ? summaries.GetOrAdd(number, RunSummary.Of(run))
        : null;

    private void Prune(string folder)
    {
        try
        {
            var files = Numbers().Reverse().Select(number => new FileInfo(FileOf(folder, number))).ToList();
            var (kept, bytes) = (0, 0L);
            foreach (var file in files)
            {
                bytes += file.Length;
                // The newest stays, however large it is.
                if (++kept > 1 && (kept > MostRuns || bytes > MostBytes))
                {
                    file.Delete();
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            LogMessages.RunsNotKept(logger, folder, error.Message);
        }
    }

    private static string FileOf(string folder, int number) =>
        Path.Combine(folder, number.ToString(CultureInfo.InvariantCulture) + ".json");

    private static int? NumberOf(string path) =>
        int.TryParse(
            Path.GetFileNameWithoutExtension(path),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var number
        )
            ? number
            : null;
}
