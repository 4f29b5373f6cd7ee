using System.Text.Json;
using Shop.Web.Api;
using Workshop.ServiceDefaults.Files;

namespace Shop.Web.Redundancy.Modes;

/// <summary>The newest comparisons, in one file. Without a data folder they are kept in memory.</summary>
public sealed class ComparisonFile
{
    /// <summary>Comparisons that are kept; each has three runs, and of those not more are kept.</summary>
    private const int Most = 12;

    private readonly Lock gate = new();
    private readonly SortedDictionary<int, ModeComparison> known = [];
    private readonly string? path;
    private readonly ILogger<ComparisonFile> logger;

    /// <summary>Reads what there is; what was under way when the storefront ended is over.</summary>
    /// <param name="configuration">Names the folder.</param>
    /// <param name="logger">Hears of what cannot be read or kept.</param>
    public ComparisonFile(IConfiguration configuration, ILogger<ComparisonFile> logger)
    {
        this.logger = logger;
        if (configuration["Workshop:DataDirectory"] is not { Length: > 0 } folder)
        {
            return;
        }

        path = Path.Combine(folder, "comparisons.json");
        var kept = StateFile.Read(
            path,
            content => JsonSerializer.Deserialize<ModeComparison[]>(content, ServiceCaller.Json),
            logger
        );
        foreach (var one in kept ?? [])
        {
            known[one.Number] = one.IsDone
                ? one
                : one with
                {
                    IsDone = true,
                    Remark = "The storefront was stopped meanwhile. The storage mode is the one that it was in.",
                };
        }
    }

    /// <summary>The comparisons that are kept, newest first.</summary>
    public IReadOnlyList<ModeComparison> List()
    {
        lock (gate)
        {
            return [.. known.Values.Reverse()];
        }
    }

    /// <summary>Finds a comparison; null where there is none.</summary>
    /// <param name="number">Its number.</param>
    public ModeComparison? Find(int number)
    {
        lock (gate)
        {
            return known.GetValueOrDefault(number);
        }
    }

    /// <summary>Adds one, and lets go of the oldest where there are too many.</summary>
    /// <param name="make">Makes it once its number is known.</param>
    public ModeComparison Add(Func<int, ModeComparison> make)
    {
        lock (gate)
        {
            var made = make(known.Count == 0 ? 1 : known.Keys.Max() + 1);
            known.Add(made.Number, made);
            while (known.Count > Most)
            {
                known.Remove(known.Keys.First());
            }

            Write();
            return made;
        }
    }

    /// <summary>Changes one that is kept.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="change">Makes the new one of the old one.</param>
    public void Change(int number, Func<ModeComparison, ModeComparison> change)
    {
        lock (gate)
        {
            if (known.TryGetValue(number, out var before))
            {
                known[number] = change(before);
                Write();
            }
        }
    }

    private void Write()
    {
        if (path is not null)
        {
            StateFile.TryWrite(
                path,
                JsonSerializer.SerializeToUtf8Bytes(known.Values.ToArray(), ServiceCaller.Json),
                logger
            );
        }
    }
}
