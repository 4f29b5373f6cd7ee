namespace Workshop.AppHost.Postgres;

/// <summary>A PostgreSQL server that runs as a process of this machine, not in a container.</summary>
internal sealed class NativePostgresResource(string name, string folder, ParameterResource password)
    : ExecutableResource(name, "bash", Path.GetDirectoryName(folder)!),
        IResourceWithConnectionString
{
    internal const string EndpointName = "tcp";

    /// <summary>The data folder.</summary>
    internal string Folder { get; } = folder;

    /// <summary>The superuser's password.</summary>
    internal ParameterResource Password { get; } = password;

    /// <summary>Where clients reach it.</summary>
    internal EndpointReference PrimaryEndpoint => field ??= new(this, EndpointName);

    /// <inheritdoc/>
    public ReferenceExpression ConnectionStringExpression =>
        ReferenceExpression.Create(
            $"Host={PrimaryEndpoint.Property(EndpointProperty.Host)};Port={PrimaryEndpoint.Property(EndpointProperty.Port)};Username={PostgresFiles.User};Password={Password}"
        );
}

/// <summary>A database of the pair, made on whichever server leads.</summary>
internal sealed class NativeDatabaseResource(string name, NativePostgresResource parent)
    : Resource(name),
        IResourceWithParent<NativePostgresResource>,
        IResourceWithConnectionString,
        IResourceWithWaitSupport
{
    /// <inheritdoc/>
    public NativePostgresResource Parent { get; } = parent;

    /// <inheritdoc/>
    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{Parent};Database={Name}");
}
