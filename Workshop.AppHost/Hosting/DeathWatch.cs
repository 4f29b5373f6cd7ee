using System.Diagnostics;

namespace Workshop.AppHost.Hosting;

/// <summary>
/// Ends everything in a moment where this process is killed; the orchestrator by itself takes up to 10 s, and does not
/// reach what is paused. A shell waits for the end of its standard input, which comes when this process ends, and then
/// kills every process that carries this run's number in its environment: the orchestrator, the dashboard, and all that
/// they have started.
/// </summary>
internal sealed class DeathWatch : IDisposable
{
    private const string Variable = "WORKSHOP_RUN";

    /// <summary>
    /// PostgreSQL's processes write their title over their environment, so those of the run are killed with their children.
    /// </summary>
    private const string Script = """
        read -r stopped && exit 0
        next=$(grep -lszxF "$0" /proc/[0-9]*/environ | cut -d/ -f3)
        while [ "$next" ]; do
          all="$all $next"
          next=$(grep -lsE "^PPid:[[:space:]]($(echo $next | tr ' ' '|'))\$" /proc/[0-9]*/status | cut -d/ -f3)
        done
        kill -KILL $all
        """;

    private readonly Process shell;

    private DeathWatch(Process shell) => this.shell = shell;

    /// <summary>Begins; what is started from here on belongs to the run.</summary>
    internal static DeathWatch Begin()
    {
        var run = Guid.NewGuid().ToString("N");
        var start = new ProcessStartInfo("setsid", ["bash", "-c", Script, $"{Variable}={run}"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
        };
        var started = Process.Start(start) ?? throw new InvalidOperationException("No shell could be started.");
        Environment.SetEnvironmentVariable(Variable, run);
        return new(started);
    }

    /// <summary>The run has ended as it should.</summary>
    public void Dispose()
    {
        try
        {
            shell.StandardInput.WriteLine("stopped");
            shell.StandardInput.Close();
        }
        catch (IOException)
        {
            // Somebody ended the shell; then it watches nothing.
        }

        shell.Dispose();
    }
}
