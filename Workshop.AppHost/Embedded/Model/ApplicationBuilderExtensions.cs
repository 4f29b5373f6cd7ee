using System.Security.Cryptography;

namespace Workshop.AppHost.Embedded.Model;

/// <summary>Verbs that add resources, with Aspire's signatures.</summary>
public static class ApplicationBuilderExtensions
{
    /// <summary>Adds a project by the path of its project file, relative to the AppHost's folder.</summary>
    public static IResourceBuilder<ProjectResource> AddProject(
        this IDistributedApplicationBuilder builder,
        string name,
        string projectPath
    ) =>
        EmbeddedBuilder
            .Of(builder)
            .Add(new ProjectResource(name, Path.GetFullPath(projectPath, builder.AppHostDirectory)));

    /// <summary>
    /// Adds a PostgreSQL server. Its superuser is <c>postgres</c>; a password is generated unless one is given.
    /// </summary>
    public static IResourceBuilder<PostgresServerResource> AddPostgres(
        this IDistributedApplicationBuilder builder,
        string name,
        IResourceBuilder<ParameterResource>? userName = null,
        IResourceBuilder<ParameterResource>? password = null,
        int? port = null
    )
    {
        if (userName is not null || port is null)
        {
            throw new InvalidOperationException($"{name}: the embedded host wants a port and the user 'postgres'.");
        }

        password ??= builder.AddParameter(
            $"{name}-password",
            new GenerateParameterDefault(),
            secret: true,
            persist: true
        );
        return EmbeddedBuilder.Of(builder).Add(new PostgresServerResource(name, password.Resource, port.Value));
    }

    /// <summary>Adds a database, made when its server is there.</summary>
    public static IResourceBuilder<PostgresDatabaseResource> AddDatabase(
        this IResourceBuilder<PostgresServerResource> builder,
        string name,
        string? databaseName = null
    )
    {
        var database = new PostgresDatabaseResource(name, databaseName ?? name, builder.Resource);
        builder.Resource.Databases.Add(database.DatabaseName);
        return new EmbeddedResourceBuilder<PostgresDatabaseResource>(
            EmbeddedBuilder.Of(builder.ApplicationBuilder),
            database
        );
    }

    /// <summary>
    /// Names the image of a container. The embedded host runs no containers, and takes what server it finds.
    /// </summary>
    public static IResourceBuilder<PostgresServerResource> WithImageTag(
        this IResourceBuilder<PostgresServerResource> builder,
        string tag
    )
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(tag);
        return builder;
    }

    /// <summary>
    /// Adds a value that is read from <c>Parameters:{name}</c>, else generated; kept in <c>.workshop/</c>.
    /// </summary>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder,
        string name,
        GenerateParameterDefault value,
        bool secret = false,
        bool persist = false
    )
    {
        var application = EmbeddedBuilder.Of(builder);
        var parameter = new ParameterResource(
            name,
            () =>
                builder.Configuration[$"Parameters:{name}"]
                ?? (persist ? application.Secrets.GetOrAdd(name, value.GetDefaultValue) : value.GetDefaultValue()),
            secret
        );
        return new EmbeddedResourceBuilder<ParameterResource>(application, parameter);
    }
}

/// <summary>A value made at random from letters and digits.</summary>
public sealed class GenerateParameterDefault
{
    private const string Characters = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ0123456789";

    /// <summary>How many characters it has.</summary>
    public int MinLength { get; set; } = 22;

    /// <summary>Makes a value: about 5.8 bits of chance in each character.</summary>
    public string GetDefaultValue() => RandomNumberGenerator.GetString(Characters, MinLength);
}
