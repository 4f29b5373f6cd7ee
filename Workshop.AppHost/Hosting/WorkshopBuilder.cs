using Workshop.AppHost.Faults;

namespace Workshop.AppHost.Hosting;

/// <summary>What the application is described with: Aspire's builder, the person's choices, and the verbs for services.</summary>
/// <param name="Aspire">Aspire's builder.</param>
/// <param name="Options">What a person chose.</param>
/// <param name="State">Where data are kept; null where the application is only described (publishing).</param>
/// <param name="PortOffset">Added to every port; null where all ports are random.</param>
internal sealed record WorkshopBuilder(
    IDistributedApplicationBuilder Aspire,
    WorkshopOptions Options,
    StateFolder? State,
    int? PortOffset
)
{
    /// <summary>Where commands are taken; empty where nothing runs.</summary>
    internal string Control { get; set; } = "";

    /// <summary>The port whose number without offset is <paramref name="port"/>, or null for a free one.</summary>
    internal int? Port(int port) => port + PortOffset;

    /// <summary>A generated value that only services see.</summary>
    internal IResourceBuilder<ParameterResource> Secret(string name) => Aspire.AddParameter(name, secret: true);

    /// <summary>Adds a service with a port, a health check, faults and a data folder of its own.</summary>
    internal IResourceBuilder<ProjectResource> AddService<TProject>(string name, int port)
        where TProject : IProjectMetadata, new()
    {
        var service = Aspire
            .AddProject<TProject>(name, options => options.ExcludeLaunchProfile = true)
            .WithoutHttpsCertificate()
            .WithHttpEndpoint(port: Port(port), name: "http", isProxied: false)
            .WithHttpHealthCheck("/health")
            .WithEnvironment("ASPNETCORE_ENVIRONMENT", "Development")
            .WithEnvironment("DOTNET_SYSTEM_CONSOLE_ALLOW_ANSI_COLOR_REDIRECTION", "false")
            .WithFaults();
        if (State is null)
        {
            return service;
        }

        var folder = State.DataOf(name);
        return service
            .RunBuilt<TProject>()
            .WithEnvironment("Workshop__DataDirectory", folder)
            .OnBeforeResourceStarted(
                (_, _, _) =>
                {
                    Directory.CreateDirectory(folder);
                    return Task.CompletedTask;
                }
            );
    }
}
