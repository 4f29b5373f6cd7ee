namespace Workshop.AppHost.Hosting;

/// <summary>How a project's process is started.</summary>
internal static class BuiltProject
{
    /// <summary>Set by an IDE that starts projects itself, with its debugger.</summary>
    private const string DebugSession = "DEBUG_SESSION_PORT";

    /// <summary>
    /// Starts what the build made, not <c>dotnet run</c>: one process instead of two, and the process number that the
    /// orchestrator knows is the service's own. Under an IDE's debug session the IDE starts projects, as usual, so that
    /// breakpoints hit.
    /// </summary>
    internal static IResourceBuilder<ProjectResource> RunBuilt<TProject>(this IResourceBuilder<ProjectResource> service)
        where TProject : IProjectMetadata, new()
    {
        if (Environment.GetEnvironmentVariable(DebugSession) is { Length: > 0 })
        {
            return service;
        }

        var project = new TProject().ProjectPath;
        var name = Path.GetFileNameWithoutExtension(project);
        // The layout of artifacts/: bin/<project>/<configuration>, the same for the host, its services and the tests.
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        var program = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", name, configuration, name));
        return service.WithAnnotation(
            new ExecutableAnnotation { Command = program, WorkingDirectory = Path.GetDirectoryName(project)! }
        );
    }
}
