using Microsoft.Extensions.Configuration;
using Workshop.AppHost.Embedded.Hosting;

namespace Workshop.AppHost.Embedded.Model;

/// <summary>The application that is being described.</summary>
public interface IDistributedApplicationBuilder
{
    /// <summary>Settings: environment variables, then the command line.</summary>
    ConfigurationManager Configuration { get; }

    /// <summary>The folder of the AppHost project; relative paths start here.</summary>
    string AppHostDirectory { get; }

    /// <summary>Ends the description.</summary>
    DistributedApplication Build();
}

/// <summary>A resource that is being described.</summary>
/// <typeparam name="T">Its type.</typeparam>
public interface IResourceBuilder<out T>
    where T : IResource
{
    /// <summary>The resource.</summary>
    T Resource { get; }

    /// <summary>The application it belongs to.</summary>
    IDistributedApplicationBuilder ApplicationBuilder { get; }
}

/// <summary>The application, described and ready to run.</summary>
public sealed class DistributedApplication
{
    private readonly EmbeddedBuilder builder;

    internal DistributedApplication(EmbeddedBuilder builder) => this.builder = builder;

    /// <summary>Begins a description.</summary>
    /// <param name="args">The command line; one that cannot be understood ends the process with what is known.</param>
    public static IDistributedApplicationBuilder CreateBuilder(string[] args) => new EmbeddedBuilder(args);

    /// <summary>Runs the application until it is told to stop. The exit code is not 0 if it could not start.</summary>
    public void Run() => RunAsync().GetAwaiter().GetResult();

    /// <summary>Runs the application until it is told to stop. The exit code is not 0 if it could not start.</summary>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task RunAsync(CancellationToken cancellationToken = default) =>
        Environment.ExitCode = await EmbeddedHost.Run(builder.Resources, builder.Options, cancellationToken);
}

/// <summary>The builder of the embedded host.</summary>
internal sealed class EmbeddedBuilder : IDistributedApplicationBuilder
{
    internal EmbeddedBuilder(string[] args)
    {
        var commandLine = CommandLine.ReadOrExit(args);
        Configuration = new();
        Configuration.AddEnvironmentVariables();
        Configuration.AddInMemoryCollection(commandLine.Values);
        Options = HostOptions.From(commandLine.Values, AppHostDirectory);
        Secrets = new(Options.StateFolder);
    }

    public ConfigurationManager Configuration { get; }

    public string AppHostDirectory { get; } = ProjectPaths.AppHostDirectory;

    internal HostOptions Options { get; }

    internal Secrets Secrets { get; }

    internal List<Resource> Resources { get; } = [];

    public DistributedApplication Build() => new(this);

    /// <summary>Adds <paramref name="resource"/>.</summary>
    /// <exception cref="InvalidOperationException">The name is taken.</exception>
    internal EmbeddedResourceBuilder<T> Add<T>(T resource)
        where T : Resource
    {
        if (Resources.Exists(other => string.Equals(other.Name, resource.Name, StringComparison.OrdinalIgnoreCase)))
        {
            throw new InvalidOperationException($"There are two resources with the name '{resource.Name}'.");
        }

        Resources.Add(resource);
        return new(this, resource);
    }

    internal static EmbeddedBuilder Of(IDistributedApplicationBuilder builder) => (EmbeddedBuilder)builder;
}

/// <summary>A resource under description by the embedded host.</summary>
internal sealed record EmbeddedResourceBuilder<T>(EmbeddedBuilder Application, T Resource) : IResourceBuilder<T>
    where T : IResource
{
    public IDistributedApplicationBuilder ApplicationBuilder => Application;
}
