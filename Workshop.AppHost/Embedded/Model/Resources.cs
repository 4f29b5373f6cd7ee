namespace Workshop.AppHost.Embedded.Model;

// The names, members and constraints of this folder's public types are those of Aspire.Hosting 13, as far as AppHost.cs
// uses them: that file is compiled against either.

/// <summary>A named part of the application.</summary>
public interface IResource
{
    /// <summary>The name, unique in the application.</summary>
    string Name { get; }
}

/// <summary>A resource that takes environment variables.</summary>
public interface IResourceWithEnvironment : IResource;

/// <summary>A resource that listens.</summary>
public interface IResourceWithEndpoints : IResource;

/// <summary>A resource that can wait for others before it starts.</summary>
public interface IResourceWithWaitSupport : IResource;

/// <summary>A resource whose endpoints others find by its name.</summary>
public interface IResourceWithServiceDiscovery : IResourceWithEndpoints;

/// <summary>A resource that clients reach by a connection string.</summary>
public interface IResourceWithConnectionString : IResource
{
    /// <summary>The connection string, with its secrets.</summary>
    ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default);
}

/// <summary>What the verbs wrote down about a resource.</summary>
public abstract class Resource : IResource
{
    /// <summary>A resource with nothing said about it yet.</summary>
    protected Resource(string name) => Name = name;

    /// <inheritdoc/>
    public string Name { get; }

    internal List<EndpointReference> Endpoints { get; } = [];

    internal Dictionary<string, EnvironmentValue> Environment { get; } = new(StringComparer.Ordinal);

    internal List<Resource> WaitsFor { get; } = [];

    /// <summary>The path of the health check on the first http endpoint, or null where running is healthy.</summary>
    internal string? HealthPath { get; set; }

    internal bool StartsExplicitly { get; set; }
}

/// <summary>The value of an environment variable, asked for when the process starts.</summary>
internal sealed record EnvironmentValue(Func<string> Read, bool IsSecret);

/// <summary>A .NET project, run as a process.</summary>
public sealed class ProjectResource
    : Resource,
        IResourceWithEnvironment,
        IResourceWithServiceDiscovery,
        IResourceWithWaitSupport
{
    internal ProjectResource(string name, string projectFile)
        : base(name) => ProjectFile = projectFile;

    internal string ProjectFile { get; }
}

/// <summary>A value that is given from outside, or generated once and kept.</summary>
public sealed class ParameterResource : IResource
{
    private readonly Lazy<string> value;

    internal ParameterResource(string name, Func<string> value, bool secret)
    {
        Name = name;
        Secret = secret;
        this.value = new(value);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Whether the value is shown to nobody.</summary>
    public bool Secret { get; }

    internal string Value => value.Value;
}

/// <summary>A PostgreSQL server.</summary>
public sealed class PostgresServerResource
    : Resource,
        IResourceWithConnectionString,
        IResourceWithEndpoints,
        IResourceWithWaitSupport
{
    internal PostgresServerResource(string name, ParameterResource password, int port)
        : base(name)
    {
        PasswordParameter = password;
        PrimaryEndpoint = new(name, "tcp", "tcp", port);
        Endpoints.Add(PrimaryEndpoint);
    }

    /// <summary>The superuser's password.</summary>
    public ParameterResource PasswordParameter { get; }

    /// <summary>Where the server listens.</summary>
    public EndpointReference PrimaryEndpoint { get; }

    /// <summary>The names of the databases to be made.</summary>
    internal List<string> Databases { get; } = [];

    /// <summary>The other server of the pair, if there is one.</summary>
    internal PostgresServerResource? Partner { get; set; }

    /// <summary>Whether this one is the standby while neither has data.</summary>
    internal bool StartsAsStandby { get; init; }

    /// <inheritdoc/>
    public ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<string?>(ConnectionString);

    internal string ConnectionString =>
        $"Host=localhost;Port={PrimaryEndpoint.Port};Username=postgres;Password={PasswordParameter.Value}";
}

/// <summary>A database of a server.</summary>
public sealed class PostgresDatabaseResource : IResourceWithConnectionString
{
    internal PostgresDatabaseResource(string name, string databaseName, PostgresServerResource parent)
    {
        Name = name;
        DatabaseName = databaseName;
        Parent = parent;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>The database's name on its server.</summary>
    public string DatabaseName { get; }

    /// <summary>Its server.</summary>
    public PostgresServerResource Parent { get; }

    /// <inheritdoc/>
    public ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<string?>($"{Parent.ConnectionString};Database={DatabaseName}");
}

/// <summary>Where a resource listens: an address of one scheme on loopback.</summary>
public sealed class EndpointReference
{
    internal EndpointReference(string resource, string name, string scheme, int port)
    {
        Resource = resource;
        EndpointName = name;
        Scheme = scheme;
        Port = port;
    }

    /// <summary>The endpoint's name, for example <c>http</c>.</summary>
    public string EndpointName { get; }

    /// <summary>The scheme, for example <c>http</c> or <c>tcp</c>.</summary>
    public string Scheme { get; }

    /// <summary>The port.</summary>
    public int Port { get; }

    /// <summary>The address, without a path.</summary>
    public string Url => $"{Scheme}://localhost:{Port}";

    internal string Resource { get; }
}
