using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Workshop.AppHost.Processes;

/// <summary>A program to run.</summary>
/// <param name="FileName">The program, by path or name.</param>
/// <param name="Arguments">Its arguments, not quoted.</param>
/// <param name="WorkingDirectory">Where it runs.</param>
/// <param name="Environment">The whole environment: nothing else is inherited.</param>
/// <param name="User">Another user to run as, or null.</param>
public sealed record Command(
    string FileName,
    IReadOnlyList<string> Arguments,
    string WorkingDirectory,
    IReadOnlyDictionary<string, string> Environment,
    UnprivilegedUser? User = null
)
{
    /// <summary>
    /// The words before a program that make it end with its parent (SIGKILL) and run as <paramref name="user"/>.
    /// </summary>
    internal static string[] TiedToParent(UnprivilegedUser? user) =>
        user is null
            ? ["setpriv", "--pdeathsig=KILL"]
            :
            [
                "setpriv",
                "--pdeathsig=KILL",
                string.Create(CultureInfo.InvariantCulture, $"--reuid={user.UserId}"),
                string.Create(CultureInfo.InvariantCulture, $"--regid={user.GroupId}"),
                "--clear-groups",
            ];

    /// <summary>Runs the program to its end; it is killed where <paramref name="limit"/> passes first.</summary>
    /// <returns>Its exit code, and what it wrote to standard output and error.</returns>
    /// <exception cref="TimeoutException">It took too long; the message holds what it wrote.</exception>
    /// <exception cref="System.ComponentModel.Win32Exception">The program is missing.</exception>
    internal async Task<(int ExitCode, string Output)> Run(TimeSpan limit, CancellationToken ct)
    {
        string[] words = User is null ? [FileName, .. Arguments] : [.. TiedToParent(User), FileName, .. Arguments];
        var start = new ProcessStartInfo(words[0], words[1..])
        {
            WorkingDirectory = WorkingDirectory,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in Environment)
        {
            start.Environment[name] = value;
        }

        var lines = new StringBuilder();
        using var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, e) => Append(e.Data);
        process.ErrorDataReceived += (_, e) => Append(e.Data);
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await process.WaitForExitAsync(ct).WaitAsync(limit, ct);
            return (process.ExitCode, Written());
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{FileName} did not end within {limit.TotalSeconds:0} s\n{Written()}", e);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }

        void Append(string? line)
        {
            lock (lines)
            {
                lines.AppendLine(line);
            }
        }

        string Written()
        {
            lock (lines)
            {
                return lines.ToString().TrimEnd();
            }
        }
    }
}
