using System.Globalization;
using System.Text;

namespace Workshop.AppHost.Embedded.Hosting;

/// <summary>
/// One host at a time works with a state folder. The kernel lets go of the lock when the host dies, however it dies.
/// </summary>
internal sealed class StateLock : IDisposable
{
    private readonly FileStream file;

    private StateLock(FileStream file) => this.file = file;

    /// <summary>Takes the lock.</summary>
    /// <exception cref="HostException">Another host has it.</exception>
    internal static StateLock Take(HostOptions options)
    {
        var path = Path.Combine(options.StateFolder, "lock");
        try
        {
            var taken = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            var owner = string.Create(
                CultureInfo.InvariantCulture,
                $"process {Environment.ProcessId}, {options.InspectionUrl}"
            );
            File.WriteAllText(path + ".owner", owner, Encoding.UTF8);
            return new(taken);
        }
        catch (IOException e)
        {
            var owner = ReadOwner(path + ".owner");
            throw new HostException(
                $"A workshop already runs from this folder ({owner}). Stop it first, or start this one with "
                    + "'--ephemeral --port-offset 100' to run beside it.",
                e
            );
        }
    }

    public void Dispose() => file.Dispose();

    private static string ReadOwner(string path) => File.Exists(path) ? File.ReadAllText(path) : "just starting";
}
