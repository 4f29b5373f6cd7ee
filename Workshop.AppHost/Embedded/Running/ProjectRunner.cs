using Workshop.AppHost.Embedded.Hosting;
using Workshop.AppHost.Embedded.Processes;

namespace Workshop.AppHost.Embedded.Running;

/// <summary>Runs a .NET project as a process, in the project's own folder, as <c>dotnet run</c> would.</summary>
internal sealed class ProjectRunner(ProjectResource project, HttpClient http, TimeProvider time) : Runner(project, time)
{
    /// <summary>A check that takes longer counts as failed.</summary>
    private static readonly TimeSpan ProbeLimit = TimeSpan.FromSeconds(3);

    /// <summary>What the process wrote as it ended is read for so long.</summary>
    private static readonly TimeSpan DrainLimit = TimeSpan.FromMilliseconds(200);

    private readonly Uri? healthAddress = project.HealthPath is { } path
        ? new(new Uri(project.Endpoints[0].Url), path)
        : null;

    private ChildProcess? process;

    internal override string Type => "Project";

    internal override string Source => project.ProjectFile;

    internal override int? ProcessId => process is { Exited.IsCompleted: false } running ? running.Id : null;

    internal override IReadOnlyDictionary<string, EnvironmentValue> ProcessEnvironment =>
        ProjectEnvironment.Of(project);

    protected override Task<int> Exited => process?.Exited ?? Task.FromResult(0);

    public override async ValueTask DisposeAsync()
    {
        await KillProcess(CancellationToken.None);
        process?.Dispose();
        await base.DisposeAsync();
    }

    protected override async Task Launch(CancellationToken ct)
    {
        var environment = ChildEnvironment.Inherited();
        foreach (var (name, value) in ProcessEnvironment)
        {
            environment[name] = value.Read();
        }

        process?.Dispose();
        process = await ChildProcess.Start(
            new(
                Environment.ProcessPath is { } dotnet && IsDotnet(dotnet) ? dotnet : "dotnet",
                [ProjectPaths.AssemblyOf(project.ProjectFile)],
                Path.GetDirectoryName(project.ProjectFile)!,
                environment
            ),
            Log.Add
        );
    }

    protected override async Task<bool> Probe(CancellationToken ct)
    {
        if (healthAddress is null)
        {
            return true;
        }

        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
        timeout.CancelAfter(ProbeLimit);
        try
        {
            using var answer = await http.GetAsync(
                healthAddress,
                HttpCompletionOption.ResponseHeadersRead,
                timeout.Token
            );
            return answer.StatusCode is System.Net.HttpStatusCode.OK;
        }
        catch (Exception e)
            when (e is HttpRequestException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            return false;
        }
    }

    protected override async Task StopProcess(TimeSpan limit, CancellationToken ct)
    {
        process?.Send(Signal.Terminate);
        try
        {
            await Exited.WaitAsync(limit, ct);
        }
        catch (TimeoutException)
        {
            Log.Add($"did not stop within {limit.TotalSeconds:0.#} s and is killed");
            await KillProcess(ct);
        }
    }

    protected override async Task KillProcess(CancellationToken ct)
    {
        if (process is not null)
        {
            await process.KillTree(ct);
            await process.DrainOutput(DrainLimit);
        }
    }

    private static bool IsDotnet(string path) =>
        string.Equals(Path.GetFileNameWithoutExtension(path), "dotnet", StringComparison.Ordinal);
}
