using System.Diagnostics;
using System.Text;
using Workshop.AppHost.Processes;

namespace LaboratoryBench.Processes;

/// <summary>A child of this process: dies with it, is reaped by it, and its output is read line by line.</summary>
public sealed class ChildProcess : IDisposable
{
    /// <summary>A longer line is cut into pieces of this many characters.</summary>
    private const int MaxLineChars = 8 * 1024;

    /// <summary>How long a process may live after SIGKILL; the kernel takes milliseconds unless a disk hangs.</summary>
    private static readonly TimeSpan KillLimit = TimeSpan.FromSeconds(10);

    private readonly Process process;
    private readonly TaskCompletionSource<int> exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task outputRead;

    private ChildProcess(Process process, Action<string> output)
    {
        this.process = process;
        Id = process.Id;
        outputRead = Task.WhenAll(Read(process.StandardOutput, output), Read(process.StandardError, output));
        process.Exited += (_, _) => exited.TrySetResult(process.ExitCode);
        process.EnableRaisingEvents = true; // Raises Exited also for a process that has already ended.
    }

    /// <summary>The process number.</summary>
    public int Id { get; }

    /// <summary>Completes with the exit code as soon as the process has ended and been reaped.</summary>
    public Task<int> Exited => exited.Task;

    /// <summary>Starts <paramref name="command"/>.</summary>
    /// <param name="command">What to run.</param>
    /// <param name="output">Called for each line of standard output and error; must not throw.</param>
    /// <returns>The running child.</returns>
    /// <exception cref="System.ComponentModel.Win32Exception">A program is missing.</exception>
    public static async Task<ChildProcess> Start(Command command, Action<string> output)
    {
        string[] words = [.. Spawner.TiedToThisProcess(command.User), command.FileName, .. command.Arguments];
        var start = new ProcessStartInfo(words[0], words[1..])
        {
            WorkingDirectory = command.WorkingDirectory,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        start.Environment.Clear();
        foreach (var (name, value) in command.Environment)
        {
            start.Environment[name] = value;
        }

        var started = new Process { StartInfo = start };
        await Spawner.Start(started);
        started.StandardInput.Close();
        return new(started, output);
    }

    /// <summary>Sends <paramref name="signal"/> to the process alone.</summary>
    public void Send(Signal signal)
    {
        if (!Exited.IsCompleted)
        {
            SystemCalls.Send(Id, signal);
        }
    }

    /// <summary>
    /// Kills the process and all that descend from it and returns when they have been seen dead. The process is
    /// stopped first, so that it cannot start another child between the look and the kill.
    /// </summary>
    /// <exception cref="TimeoutException">
    /// A process could not be seen dead: nothing may be concluded from the call.
    /// </exception>
    public async Task KillTree(CancellationToken ct)
    {
        if (Exited.IsCompleted)
        {
            return;
        }

        Send(Signal.Stop);
        var descendants = ProcessTable.Descendants(Id);
        Send(Signal.Kill);
        foreach (var descendant in descendants)
        {
            SystemCalls.Send(descendant.Id, Signal.Kill);
        }

        await ProcessTable.SeeDead(descendants, KillLimit, ct);
        await Exited.WaitAsync(KillLimit, ct);
    }

    /// <summary>
    /// Waits until what the process wrote before its end has been passed on; bounded, as a grandchild may hold the
    /// pipe.
    /// </summary>
    public async Task DrainOutput(TimeSpan limit) =>
        await Task.WhenAny(outputRead, Task.Delay(limit, CancellationToken.None));

    /// <summary>Lets go of the handle. Does not end the process.</summary>
    public void Dispose() => process.Dispose();

    private static async Task Read(StreamReader reader, Action<string> output)
    {
        var line = new StringBuilder();
        var buffer = new char[4096];
        while (await ReadSome(reader, buffer) is > 0 and var count)
        {
            foreach (var character in buffer.AsSpan(0, count))
            {
                if (character == '\n' || line.Length == MaxLineChars)
                {
                    output(line.ToString().TrimEnd('\r'));
                    line.Clear();
                }

                if (character != '\n')
                {
                    line.Append(character);
                }
            }
        }

        if (line.Length > 0)
        {
            output(line.ToString());
        }
    }

    private static async Task<int> ReadSome(StreamReader reader, Memory<char> buffer)
    {
        try
        {
            return await reader.ReadAsync(buffer);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            return 0; // The handle was let go: there is nothing more to read.
        }
    }
}
