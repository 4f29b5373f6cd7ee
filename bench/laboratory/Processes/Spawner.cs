using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Workshop.AppHost.Processes;

namespace LaboratoryBench.Processes;

/// <summary>
/// Starts all children from one thread that lives as long as the host. Linux delivers a parent's death to its
/// children when the <em>thread</em> that started them ends, so a thread of the pool would kill them at random.
/// </summary>
internal static class Spawner
{
    private static readonly BlockingCollection<(Process Process, TaskCompletionSource Started)> Queue = Begin();

    /// <summary>Starts <paramref name="process"/>, as it stands, on the spawning thread.</summary>
    internal static Task Start(Process process)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Queue.Add((process, started));
        return started.Task;
    }

    /// <summary>
    /// The words before a command that tie its life to this process: a session of its own, so that Ctrl-C on the
    /// terminal reaches this process alone; SIGKILL when this process dies; another user where needed; and, since this
    /// process may die before that is set, a last look whether it still lives.
    /// </summary>
    internal static IEnumerable<string> TiedToThisProcess(UnprivilegedUser? user)
    {
        var self = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        // Not sh: dash drops variables whose names it could not use, such as ConnectionStrings__postgres-1.
        return ["setsid", .. Command.TiedToParent(user), "bash", "-c", "[ \"$PPID\" = \"$0\" ] && exec \"$@\"", self];
    }

    private static BlockingCollection<(Process, TaskCompletionSource)> Begin()
    {
        var queue = new BlockingCollection<(Process, TaskCompletionSource)>();
        new Thread(() => Run(queue)) { IsBackground = true, Name = "spawner" }.Start();
        return queue;
    }

    private static void Run(BlockingCollection<(Process Process, TaskCompletionSource Started)> queue)
    {
        foreach (var (process, started) in queue.GetConsumingEnumerable())
        {
            try
            {
                process.Start();
                started.SetResult();
            }
            catch (Exception e) when (e is System.ComponentModel.Win32Exception or InvalidOperationException)
            {
                started.SetException(e);
            }
        }
    }
}
