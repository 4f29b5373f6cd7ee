using System.Text;
using Workshop.ServiceDefaults.Files;

namespace Shop.Web.Redundancy.Buyers;

/// <summary>
/// The run whose test pieces this storefront has in the shop, on disk: one that is killed knows at its next start which are its
/// own. Without a folder it knows of none.
/// </summary>
public sealed class ShelfMark
{
    /// <summary>In the storefront's folder, which several may share on several machines.</summary>
    internal static readonly string FileName = $"test-pieces-{Environment.MachineName}";

    private readonly string? path;
    private readonly ILogger logger;

    /// <summary>Reads what there is.</summary>
    /// <param name="configuration">Names the folder.</param>
    /// <param name="logger">Hears of what cannot be read or kept.</param>
    public ShelfMark(IConfiguration configuration, ILogger<ShelfMark> logger)
    {
        this.logger = logger;
        if (configuration["Workshop:DataDirectory"] is { Length: > 0 } folder)
        {
            path = Path.Combine(folder, FileName);
            Interrupted = StateFile.Read(path, Encoding.UTF8.GetString, logger);
        }
    }

    /// <summary>The run that the storefront before this one left behind; null where it left none.</summary>
    public string? Interrupted { get; }

    /// <summary>Notes that pieces of a run are about to be in the shop.</summary>
    /// <param name="run">The run's id.</param>
    public void Keep(string run)
    {
        if (path is not null)
        {
            StateFile.TryWrite(path, Encoding.UTF8.GetBytes(run), logger);
        }
    }

    /// <summary>Notes that none of them is left.</summary>
    public void Forget()
    {
        if (path is null)
        {
            return;
        }

        try
        {
            File.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A run of which nothing is left is looked for at the next start, and not found.
            LogMessages.RunsNotKept(logger, path, error.Message);
        }
    }
}
