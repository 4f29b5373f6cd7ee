namespace Workshop.AppHost.Embedded.Model;

/// <summary>
/// What differs from host to host: one verb of our own each, implemented once per host. These are the embedded host's.
/// </summary>
public static class WorkshopExtensions
{
    /// <summary>
    /// Adds the second server of a pair: a streaming standby of <paramref name="primary"/>, as long as that is the
    /// primary.
    /// </summary>
    public static IResourceBuilder<PostgresServerResource> AddStandby(
        this IDistributedApplicationBuilder builder,
        string name,
        IResourceBuilder<PostgresServerResource> primary,
        int port
    )
    {
        var password = primary.Resource.PasswordParameter;
        var standby = new PostgresServerResource(name, password, port)
        {
            StartsAsStandby = true,
            Partner = primary.Resource,
        };
        primary.Resource.Partner = standby;
        standby.Databases.AddRange(primary.Resource.Databases);
        return EmbeddedBuilder.Of(builder).Add(standby);
    }

    /// <summary>Gives the process <c>Workshop__DataDirectory</c>: a folder of its own that outlives it.</summary>
    public static IResourceBuilder<ProjectResource> WithDataDirectory(this IResourceBuilder<ProjectResource> builder)
    {
        var folder = Path.Combine(
            EmbeddedBuilder.Of(builder.ApplicationBuilder).Options.StateFolder,
            "data",
            builder.Resource.Name
        );
        return builder.Set(
            "Workshop__DataDirectory",
            () =>
            {
                Directory.CreateDirectory(folder);
                return folder;
            },
            isSecret: false
        );
    }

    /// <summary>Gives the process <c>Workshop__HostUrl</c>: where this host takes commands.</summary>
    public static IResourceBuilder<ProjectResource> WithHostUrl(this IResourceBuilder<ProjectResource> builder)
    {
        var url = EmbeddedBuilder.Of(builder.ApplicationBuilder).Options.InspectionUrl;
        return builder.WithEnvironment("Workshop__HostUrl", url);
    }
}
