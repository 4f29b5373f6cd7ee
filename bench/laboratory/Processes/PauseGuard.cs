using System.Diagnostics;
using System.Globalization;
using Workshop.AppHost.Processes;

namespace LaboratoryBench.Processes;

/// <summary>
/// Kills stopped processes if the host dies while they are stopped. A stopped process cannot notice that its parent
/// has gone, so a shell waits in its place: its standard input ends when the host does.
/// </summary>
internal sealed class PauseGuard : IDisposable
{
    private readonly Process shell;

    private PauseGuard(Process shell) => this.shell = shell;

    internal static async Task<PauseGuard> Over(IEnumerable<ProcessEntry> stopped)
    {
        var numbers = stopped.Select(entry => entry.Id.ToString(CultureInfo.InvariantCulture));
        string[] words = ["sh", "-c", "read -r resumed || kill -KILL \"$@\"", "guard", .. numbers];
        var start = new ProcessStartInfo("setsid", words) { UseShellExecute = false, RedirectStandardInput = true };
        var started = new Process { StartInfo = start };
        await Spawner.Start(started);
        return new(started);
    }

    /// <summary>The processes go on, or are dead: there is nothing left to guard.</summary>
    public void Dispose()
    {
        try
        {
            shell.StandardInput.WriteLine();
            shell.StandardInput.Close();
        }
        catch (IOException)
        {
            // The guard was killed by someone; then it guards nothing, which is what is wanted here.
        }

        shell.Dispose();
    }
}
