using System.Globalization;
using Npgsql;
using Registry.Conductor.StateMachine;

namespace Registry.Conductor;

/// <summary>The pair as the host wired it; or, with a conductor of somebody else, any number of servers.</summary>
internal sealed record ConductorOptions
{
    /// <summary>Who decides: <c>workshop</c>, or <c>external</c>.</summary>
    public const string ConductorKey = "Workshop:Database:Conductor";

    /// <summary>The registry conducts.</summary>
    public const string Workshop = "workshop";

    /// <summary>Somebody else does.</summary>
    public const string External = "external";

    private const string ServerPrefix = "postgres-";

    /// <summary>How the data are kept when nothing is persisted yet; later the persisted state says it.</summary>
    public required StorageMode Mode { get; init; }

    /// <summary>What synchronous mirroring does without its standby.</summary>
    public required StandbyPolicy Policy { get; init; }

    /// <summary>Each server's connection string, as the conductor; one where no second one is wired.</summary>
    public required IReadOnlyDictionary<string, string> Servers { get; init; }

    /// <summary>Where the persisted state is kept; null keeps it in memory.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>Somebody else fails over; the registry observes.</summary>
    public bool IsExternal { get; init; }

    /// <summary>Reads the host's environment.</summary>
    /// <returns>Null when no database is wired to this registry.</returns>
    /// <exception cref="InvalidOperationException">A value makes no sense; the message says which.</exception>
    public static ConductorOptions? Read(IConfiguration configuration)
    {
        if (ReadIsExternal(configuration))
        {
            return ReadExternal(configuration);
        }

        if (configuration.GetConnectionString(ServerNames.First) is not { Length: > 0 } first)
        {
            return null;
        }

        var mode = ReadEnum(configuration, "Workshop:Storage", StorageMode.Synchronous);
        var servers = new Dictionary<string, string>(StringComparer.Ordinal) { [ServerNames.First] = first };
        if (mode is not StorageMode.Basic || configuration["Workshop:Standby"] is { Length: > 0 })
        {
            servers[ServerNames.Second] = At(first, configuration["Workshop:Standby"]);
        }

        return new()
        {
            Mode = mode,
            Policy = ReadEnum(configuration, "Workshop:Policy", StandbyPolicy.Available),
            Servers = servers,
            DataDirectory = configuration["Workshop:DataDirectory"],
        };
    }

    private static bool ReadIsExternal(IConfiguration configuration) =>
        configuration[ConductorKey] switch
        {
            null or "" or Workshop => false,
            External => true,
            var other => throw new InvalidOperationException(
                $"{ConductorKey} is '{other}'; write {Workshop} or {External}."
            ),
        };

    /// <summary>All servers that have a connection string, by number; and the second one of the workshop's own wiring.</summary>
    private static ConductorOptions ReadExternal(IConfiguration configuration)
    {
        var mode = ReadEnum(configuration, "Workshop:Storage", StorageMode.Synchronous);
        var servers =
            from child in configuration.GetSection("ConnectionStrings").GetChildren()
            where child.Key.StartsWith(ServerPrefix, StringComparison.Ordinal) && child.Value is { Length: > 0 }
            let number = child.Key.AsSpan(ServerPrefix.Length).ToString()
            where int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out _)
            orderby int.Parse(number, CultureInfo.InvariantCulture)
            select child;
        var known = servers.ToDictionary(child => child.Key, child => child.Value!, StringComparer.Ordinal);
        if (
            configuration["Workshop:Standby"] is { Length: > 0 } standby
            && known.TryGetValue(ServerNames.First, out var first)
        )
        {
            known.TryAdd(ServerNames.Second, At(first, standby));
        }

        return mode is StorageMode.Basic
                ? throw new InvalidOperationException(
                    $"Workshop:Storage is 'basic', but {ConductorKey} is '{External}'; write synchronous or asynchronous."
                )
            : known.Count == 0
                ? throw new InvalidOperationException(
                    $"{ConductorKey} is '{External}', but no server is named; write ConnectionStrings:{ServerNames.First} and so on."
                )
            : new()
            {
                IsExternal = true,
                Mode = mode,
                Policy = StandbyPolicy.Available,
                Servers = known,
                DataDirectory = configuration["Workshop:DataDirectory"],
            };
    }

    /// <summary>The first server's user and password, at the second server's address.</summary>
    private static string At(string connectionString, string? address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri is { Scheme: "tcp", Port: > 0 }
            ? new NpgsqlConnectionStringBuilder(connectionString) { Host = uri.Host, Port = uri.Port }.ConnectionString
            : throw new InvalidOperationException(
                $"Workshop__Standby is '{address}'; write an address such as tcp://localhost:5434."
            );

    private static T ReadEnum<T>(IConfiguration configuration, string key, T usual)
        where T : struct, Enum =>
        configuration[key] is not { Length: > 0 } text ? usual
        : Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value) ? value
        : throw new InvalidOperationException(
            $"{key} is '{text}'; write {string.Join(" or ", Enum.GetNames<T>()).ToLowerInvariant()}."
        );
}
