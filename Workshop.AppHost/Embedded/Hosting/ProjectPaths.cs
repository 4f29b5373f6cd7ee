using System.Reflection;

namespace Workshop.AppHost.Embedded.Hosting;

/// <summary>Where the build put things.</summary>
internal static class ProjectPaths
{
    /// <summary>The AppHost project's folder, as the build wrote it down.</summary>
    internal static string AppHostDirectory { get; } =
        typeof(ProjectPaths)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .First(metadata => string.Equals(metadata.Key, "AppHostProjectPath", StringComparison.Ordinal))
            .Value!;

    /// <summary>What the build made of <paramref name="projectFile"/>.</summary>
    /// <exception cref="HostException">It was not built with the host.</exception>
    internal static string AssemblyOf(string projectFile)
    {
        var list = Path.Combine(AppContext.BaseDirectory, "services.txt");
        var found = File.ReadLines(list)
            .Select(line => line.Split('|'))
            .FirstOrDefault(words => string.Equals(words[0], projectFile, StringComparison.Ordinal));
        return found is [_, var assembly] && File.Exists(assembly)
            ? assembly
            : throw new HostException($"{projectFile} is not built. 'dotnet build' builds it.");
    }
}
