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
    /// Each is stopped as it is found, so that it starts nothing while the others are looked for; and what a look did not
    /// see, since it was being started, the next one does.
    /// </summary>
    private const string Script = """
        read -r stopped && exit 0
        for look in 1 2 3 4 5; do
          next=$(grep -lszxF "$0" /proc/[0-9]*/environ | cut -d/ -f3)
          [ "$next" ] || exit 0
          all=
          while [ "$next" ]; do
            kill -STOP $next 2>/dev/null
            all="$all $next"
            next=$(grep -lsE "^PPid:[[:space:]]($(echo $next | tr ' ' '|'))\$" /proc/[0-9]*/status | cut -d/ -f3)
          done
          kill -KILL $all 2>/dev/null
          sleep 0.1
        done
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
