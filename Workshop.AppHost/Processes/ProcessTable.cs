using System.Globalization;

namespace Workshop.AppHost.Processes;

/// <summary>
/// One process as the kernel knows it; the start time tells it from a later process with the same number.
/// </summary>
internal readonly record struct ProcessEntry(int Id, int ParentId, char State, ulong StartTicks)
{
    /// <summary>A zombie is dead: it holds neither files nor memory, only its exit code.</summary>
    internal bool IsAlive => State is not ('Z' or 'X');
}

/// <summary>Reads <c>/proc</c>.</summary>
internal static class ProcessTable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(2);

    /// <summary>The process with this number, or null if there is none.</summary>
    internal static ProcessEntry? Find(int processId)
    {
        try
        {
            return Parse(File.ReadAllText($"/proc/{processId}/stat"));
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>All living processes that descend from <paramref name="processId"/>, without itself.</summary>
    internal static IReadOnlyList<ProcessEntry> Descendants(int processId)
    {
        var byParent = All().Where(entry => entry.IsAlive).ToLookup(entry => entry.ParentId);
        var found = new List<ProcessEntry>();
        var open = new Queue<int>([processId]);
        while (open.TryDequeue(out var parent))
        {
            foreach (var child in byParent[parent])
            {
                found.Add(child);
                open.Enqueue(child.Id);
            }
        }

        return found;
    }

    /// <summary>All living processes of a program that work in <paramref name="folder"/>.</summary>
    internal static IReadOnlyList<ProcessEntry> WorkingIn(string folder, string program)
    {
        // The kernel knows no links.
        var real = SystemCalls.RealPath(folder) ?? folder;
        return [.. All().Where(entry => entry.IsAlive && IsProgram(entry.Id, program) && WorksIn(entry.Id, real))];
    }

    /// <summary>Waits until every one of <paramref name="entries"/> has been seen dead.</summary>
    /// <exception cref="TimeoutException">One still lives after <paramref name="limit"/>.</exception>
    internal static async Task SeeDead(IReadOnlyCollection<ProcessEntry> entries, TimeSpan limit, CancellationToken ct)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
        timeout.CancelAfter(limit);
        while (entries.FirstOrDefault(IsSameAndAlive) is { Id: > 0 } living)
        {
            try
            {
                await Task.Delay(PollInterval, timeout.Token);
            }
            catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
            {
                throw new TimeoutException($"process {living.Id} lives {limit.TotalSeconds:0} s after its kill", e);
            }
        }
    }

    /// <summary>Reads one line of <c>/proc/N/stat</c>; the program's name in it may hold spaces and brackets.</summary>
    internal static ProcessEntry Parse(string stat)
    {
        var id = int.Parse(stat.AsSpan(0, stat.IndexOf(' ', StringComparison.Ordinal)), CultureInfo.InvariantCulture);
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        // Fields 3 (state), 4 (parent) and 22 (start time, in clock ticks since boot) of proc(5).
        return new(
            id,
            int.Parse(fields[1], CultureInfo.InvariantCulture),
            fields[0][0],
            ulong.Parse(fields[19], CultureInfo.InvariantCulture)
        );
    }

    private static bool IsSameAndAlive(ProcessEntry entry) =>
        Find(entry.Id) is { IsAlive: true } now && now.StartTicks == entry.StartTicks;

    private static IEnumerable<ProcessEntry> All() =>
        Directory
            .EnumerateDirectories("/proc")
            .Select(folder =>
                int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) ? Find(id) : null
            )
            .OfType<ProcessEntry>();

    private static bool IsProgram(int processId, string program)
    {
        try
        {
            return string.Equals(
                File.ReadAllText($"/proc/{processId}/comm").TrimEnd(),
                program,
                StringComparison.Ordinal
            );
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static bool WorksIn(int processId, string folder)
    {
        try
        {
            return string.Equals(new FileInfo($"/proc/{processId}/cwd").LinkTarget, folder, StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // Gone in the meantime, or another user's: not one of ours.
        }
    }
}
