using System.Globalization;
using Workshop.AppHost.Faults;
using Workshop.AppHost.Postgres.Containers;

namespace Workshop.AppHost.Hosting;

/// <summary>
/// What the application is described with: Aspire's builder, the person's choices, and the verbs for services.
/// </summary>
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
    /// <summary>What runs containers; null where none are asked for.</summary>
    internal ContainerEngine? Engine { get; init; }

    /// <summary>Where commands are taken; empty where nothing runs.</summary>
    internal string Control { get; set; } = "";

    /// <summary>The port whose number without offset is <paramref name="port"/>, or null for a free one.</summary>
    internal int? Port(int port) => port + PortOffset;

    /// <summary>Who needs which port, the host itself included.</summary>
    internal (string Name, int Port)[] Needs =>
        [
            .. HostPorts.All.Select(need => (need.Name, need.Port + Options.PortOffset)),
            .. from resource in Aspire.Resources
            from endpoint in resource.Annotations.OfType<EndpointAnnotation>()
            let port = endpoint.Port
            where port.HasValue
            select (resource.Name, port.Value),
        ];

    /// <summary>A generated value that only services see; the same one for everybody who asks for it.</summary>
    internal IResourceBuilder<ParameterResource> Secret(string name) =>
        Aspire.TryCreateResourceBuilder<ParameterResource>(name, out var known)
            ? known
            : Aspire.AddParameter(name, secret: true);

    /// <summary>Adds a service with a port, a health check, and links to what a person may open.</summary>
    internal IResourceBuilder<ProjectResource> AddService<TProject>(string name, int port)
        where TProject : IProjectMetadata, new() =>
        AddProgram<TProject>(name)
            .WithHttpEndpoint(port: Port(port), name: "http", isProxied: false)
            .WithHttpHealthCheck("/health");

    /// <summary>Adds a program with faults and a data folder of its own.</summary>
    internal IResourceBuilder<ProjectResource> AddProgram<TProject>(string name)
        where TProject : IProjectMetadata, new()
    {
        var program = Aspire
            .AddProject<TProject>(name, options => options.ExcludeLaunchProfile = true)
            .WithoutHttpsCertificate()
            .WithEnvironment("ASPNETCORE_ENVIRONMENT", "Development")
            .WithEnvironment("DOTNET_ENVIRONMENT", "Development")
            .WithEnvironment("DOTNET_SYSTEM_CONSOLE_ALLOW_ANSI_COLOR_REDIRECTION", "false")
            .WithFaults();
        if (State is null)
        {
            return program;
        }

        var folder = State.DataOf(name);
        return program
            .RunBuilt<TProject>()
            .WithEnvironment("Workshop__DataDirectory", folder)
            .OnBeforeResourceStarted(
                (_, _, _) =>
                {
                    State.MakeDataOf(name);
                    return Task.CompletedTask;
                }
            );
    }
}

/// <summary>Verbs for the workshop's services.</summary>
internal static class ServiceExtensions
{
    /// <summary>Tells a service the address under which others reach it.</summary>
    internal static IResourceBuilder<ProjectResource> WithOwnAddress(this IResourceBuilder<ProjectResource> service) =>
        service.WithEnvironment("Workshop__Address", service.GetEndpoint("http"));

    /// <summary>
    /// Trained models are made of the checkout's code and data alone, so all workshops that run from it share them.
    /// </summary>
    internal static IResourceBuilder<ProjectResource> WithModels(
        this IResourceBuilder<ProjectResource> predictor,
        WorkshopBuilder workshop
    ) =>
        workshop.State is null
            ? predictor
            : predictor.WithEnvironment(
                "Predictor__ModelDirectory",
                Path.GetFullPath("../artifacts/models", workshop.Aspire.AppHostDirectory)
            );

    /// <summary>
    /// Tells the consensus which ports of this machine are the workshop's own, so that nobody makes a member of one.
    /// </summary>
    /// <param name="consensus">Who is told.</param>
    /// <param name="workshop">The workshop, whose ports are read when the service starts.</param>
    /// <param name="members">Names of those that may be members.</param>
    internal static void WithOwnPorts(
        this IResourceBuilder<ProjectResource> consensus,
        WorkshopBuilder workshop,
        IReadOnlyCollection<string> members
    ) =>
        consensus.WithEnvironment(context =>
        {
            var ports = workshop.Needs.Where(need => !members.Contains(need.Name, StringComparer.Ordinal));
            foreach (var (index, (_, port)) in ports.Index())
            {
                context.EnvironmentVariables[$"Consensus__OwnPorts__{index}"] = port.ToString(
                    CultureInfo.InvariantCulture
                );
            }
        });

    /// <summary>
    /// With <c>--lan</c> the service listens on this machine's address too, and answers to its names.
    /// </summary>
    /// <param name="service">Who is let out.</param>
    /// <param name="workshop">The workshop, whose choice it is.</param>
    internal static IResourceBuilder<ProjectResource> OnLan(
        this IResourceBuilder<ProjectResource> service,
        WorkshopBuilder workshop
    )
    {
        if (
            workshop.Options.LanAddress is not { } address
            || service.GetEndpoint("http").EndpointAnnotation.Port is not { } port
        )
        {
            return service;
        }

        var names = OwnAddress.Names(address);
        foreach (var (index, name) in names.Index())
        {
            service.WithEnvironment($"Workshop__Origins__Hosts__{index}", name);
        }

        return service
            .WithEnvironment("Workshop__LanHost", names[0])
            .WithEnvironment(
                "ASPNETCORE_URLS",
                string.Create(CultureInfo.InvariantCulture, $"http://localhost:{port};{OwnAddress.At(address, port)}")
            );
    }

    /// <summary>With <c>--lan</c> members may live in private networks, as a classroom's is.</summary>
    /// <param name="consensus">Who asks them.</param>
    /// <param name="workshop">The workshop, whose choice it is.</param>
    internal static void WithNeighbours(this IResourceBuilder<ProjectResource> consensus, WorkshopBuilder workshop)
    {
        if (workshop.Options.LanAddress is null)
        {
            return;
        }

        foreach (var (index, network) in PrivateNetworks.Index())
        {
            consensus.WithEnvironment($"Consensus__MemberNetworks__{index}", network);
        }
    }

    /// <summary>Of RFC 1918 and RFC 4193.</summary>
    private static readonly string[] PrivateNetworks = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"];

    /// <summary>Adds links for people to the service's row in the dashboard.</summary>
    internal static IResourceBuilder<ProjectResource> WithLinks(
        this IResourceBuilder<ProjectResource> service,
        params (string Text, string Path)[] links
    )
    {
        foreach (var (text, path) in links)
        {
            service.WithUrlForEndpoint("http", _ => new() { Url = path, DisplayText = text });
        }

        return service;
    }
}
