namespace Workshop.AppHost.Embedded.Model;

/// <summary>Verbs for every kind of resource, with Aspire's signatures.</summary>
public static class ResourceBuilderExtensions
{
    /// <summary>Gives the process the variable <paramref name="name"/>.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, string? value)
        where T : IResourceWithEnvironment => builder.Set(name, () => value ?? "", isSecret: false);

    /// <summary>Gives the process an endpoint's address.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(
        this IResourceBuilder<T> builder,
        string name,
        EndpointReference endpointReference
    )
        where T : IResourceWithEnvironment => builder.Set(name, () => endpointReference.Url, isSecret: false);

    /// <summary>Gives the process a parameter's value.</summary>
    public static IResourceBuilder<T> WithEnvironment<T>(
        this IResourceBuilder<T> builder,
        string name,
        IResourceBuilder<ParameterResource> parameter
    )
        where T : IResourceWithEnvironment =>
        builder.Set(name, () => parameter.Resource.Value, parameter.Resource.Secret);

    /// <summary>Gives the process a connection string, as <c>ConnectionStrings__{name}</c>.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder,
        IResourceBuilder<IResourceWithConnectionString> source,
        string? connectionName = null,
        bool optional = false
    )
        where TDestination : IResourceWithEnvironment =>
        builder.Set(
            $"ConnectionStrings__{connectionName ?? source.Resource.Name}",
            () => source.Resource.GetConnectionStringAsync().AsTask().GetAwaiter().GetResult() ?? "",
            isSecret: true
        );

    /// <summary>
    /// Lets the process find another by name: <c>services__{name}__{scheme}__0</c> and <c>{NAME}_{SCHEME}</c>.
    /// </summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder,
        IResourceBuilder<IResourceWithServiceDiscovery> source
    )
        where TDestination : IResourceWithEnvironment
    {
        var name = source.Resource.Name;
        foreach (var endpoint in Of(source).Endpoints)
        {
            var encoded = $"{name}_{endpoint.EndpointName}".Replace('-', '_').ToUpperInvariant();
            builder.Set($"services__{name}__{endpoint.EndpointName}__0", () => endpoint.Url, isSecret: false);
            builder.Set(encoded, () => endpoint.Url, isSecret: false);
        }

        return builder;
    }

    /// <summary>Starts the resource when <paramref name="dependency"/> is healthy.</summary>
    public static IResourceBuilder<T> WaitFor<T>(
        this IResourceBuilder<T> builder,
        IResourceBuilder<IResource> dependency
    )
        where T : IResourceWithWaitSupport
    {
        Of(builder).WaitsFor.Add(Of(dependency));
        return builder;
    }

    /// <summary>
    /// The process listens on <paramref name="port"/>, shifted by <c>--port-offset</c> by the caller.
    /// </summary>
    /// <exception cref="InvalidOperationException">It has an endpoint of that name.</exception>
    public static IResourceBuilder<T> WithHttpEndpoint<T>(
        this IResourceBuilder<T> builder,
        int? port = null,
        int? targetPort = null,
        string? name = null,
        string? env = null,
        bool isProxied = true
    )
        where T : IResourceWithEndpoints
    {
        var resource = Of(builder);
        name ??= "http";
        if (
            resource.Endpoints.Exists(other =>
                string.Equals(other.EndpointName, name, StringComparison.OrdinalIgnoreCase)
            )
        )
        {
            throw new InvalidOperationException($"{resource.Name} has two endpoints with the name '{name}'.");
        }

        var number =
            targetPort
            ?? port
            ?? throw new InvalidOperationException($"{resource.Name}: the embedded host wants a port.");
        resource.Endpoints.Add(new(resource.Name, name, "http", number));
        if (env is not null)
        {
            resource.Environment[env] = new(
                () => number.ToString(System.Globalization.CultureInfo.InvariantCulture),
                false
            );
        }

        return builder;
    }

    /// <summary>The resource is healthy when <paramref name="path"/> on its http endpoint answers 200.</summary>
    /// <exception cref="InvalidOperationException">It has no http endpoint yet.</exception>
    public static IResourceBuilder<T> WithHttpHealthCheck<T>(
        this IResourceBuilder<T> builder,
        string? path = null,
        int? statusCode = null,
        string? endpointName = null
    )
        where T : IResourceWithEndpoints
    {
        builder.GetEndpoint(endpointName ?? "http");
        if (statusCode is not (null or 200))
        {
            throw new InvalidOperationException($"{builder.Resource.Name}: the embedded host takes 200 for healthy.");
        }

        Of(builder).HealthPath = path ?? "/";
        return builder;
    }

    /// <summary>An endpoint by name.</summary>
    /// <exception cref="InvalidOperationException">There is none of that name.</exception>
    public static EndpointReference GetEndpoint<T>(this IResourceBuilder<T> builder, string name)
        where T : IResourceWithEndpoints =>
        Of(builder).Endpoints.Find(other => string.Equals(other.EndpointName, name, StringComparison.OrdinalIgnoreCase))
        ?? throw new InvalidOperationException($"{builder.Resource.Name} has no endpoint '{name}'.");

    /// <summary>The resource is not started with the others, but by a person.</summary>
    public static IResourceBuilder<T> WithExplicitStart<T>(this IResourceBuilder<T> builder)
        where T : IResource
    {
        Of(builder).StartsExplicitly = true;
        return builder;
    }

    internal static IResourceBuilder<T> Set<T>(
        this IResourceBuilder<T> builder,
        string name,
        Func<string> value,
        bool isSecret
    )
        where T : IResource
    {
        Of(builder).Environment[name] = new(value, isSecret);
        return builder;
    }

    private static Resource Of<T>(IResourceBuilder<T> builder)
        where T : IResource =>
        (object)builder.Resource switch
        {
            Resource resource => resource,
            PostgresDatabaseResource database => database.Parent,
            _ => throw new InvalidOperationException($"{builder.Resource.Name} is not something that runs."),
        };
}
