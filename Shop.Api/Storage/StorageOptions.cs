using Npgsql;
using Workshop.ServiceDefaults.Identity;

namespace Shop.Api.Storage;

/// <summary>How the shop is stored.</summary>
public enum StorageMode
{
    /// <summary>One server.</summary>
    Basic,

    /// <summary>A primary and a standby; a write is acknowledged when both have it.</summary>
    Synchronous,

    /// <summary>A primary and a replica behind it.</summary>
    Asynchronous,
}

/// <summary>What the host says about the storage; see docs/architecture.md for the variables.</summary>
public sealed record StorageOptions
{
    private const string StandbyKey = "Workshop:Standby";

    private const string ConductorKey = "Workshop:Database:Conductor";

    private const string External = "external";

    /// <summary>The mode until the conductor says another one.</summary>
    public required StorageMode Mode { get; init; }

    /// <summary>What synchronous mirroring does without its standby: <c>available</c> or <c>strict</c>.</summary>
    public required string Policy { get; init; }

    /// <summary>Who fails over is not the workshop's conductor, and any number of servers may follow the primary.</summary>
    public bool IsExternal { get; init; }

    /// <summary>
    /// The primary's database, to begin with; where somebody else fails over, with all servers as its hosts.
    /// </summary>
    public required string ConnectionString { get; init; }

    /// <summary>The second server; null where there is one only, whose mode is basic.</summary>
    public Uri? Standby { get; init; }

    /// <summary>Whether another server may become primary.</summary>
    public bool HasStandby => IsExternal || Standby is not null;

    /// <summary>Every server, as <c>host:port</c>.</summary>
    public IReadOnlyList<string> Servers
    {
        get
        {
            var settings = new NpgsqlConnectionStringBuilder(ConnectionString);
            var own = (settings.Host ?? "localhost")
                .Split(',', StringSplitOptions.TrimEntries)
                .Select(host => host.Contains(':', StringComparison.Ordinal) ? host : $"{host}:{settings.Port}");
            return Standby is { } standby
                ? [.. own.Append($"{standby.Host}:{standby.Port}").Distinct(StringComparer.OrdinalIgnoreCase)]
                : [.. own];
        }
    }

    /// <summary>Where receipts are kept; null keeps none.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>This server's name.</summary>
    public required string Instance { get; init; }

    /// <summary>Reads the host's variables.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <returns>The options.</returns>
    /// <exception cref="InvalidOperationException">
    /// A variable is missing or malformed; the message names it.
    /// </exception>
    public static StorageOptions Read(IHostApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        var isExternal = ReadIsExternal(configuration[ConductorKey]);
        var mode = ReadMode(configuration["Workshop:Storage"], isExternal);
        return new()
        {
            Mode = mode,
            IsExternal = isExternal,
            Policy = configuration["Workshop:Policy"] ?? "available",
            ConnectionString =
                configuration.GetConnectionString("shop")
                ?? throw new InvalidOperationException(
                    "ConnectionStrings__shop is missing: it says where the shop's database is."
                ),
            Standby =
                (isExternal || mode == StorageMode.Basic) && configuration[StandbyKey] is null or ""
                    ? null
                    : ReadStandby(configuration[StandbyKey]),
            DataDirectory = configuration["Workshop:DataDirectory"] is { Length: > 0 } folder ? folder : null,
            Instance = ServedBy.InstanceName(configuration, builder.Environment),
        };
    }

    /// <summary>
    /// The mode's name, or that of its folder in the workshop's text. Nothing means basic: a shop run by hand.
    /// </summary>
    /// <param name="text">From the host.</param>
    /// <returns>The mode.</returns>
    /// <exception cref="InvalidOperationException">There is no such mode.</exception>
    public static StorageMode ReadMode(string? text) =>
        text?.ToUpperInvariant() switch
        {
            null or "" or "BASIC" or "BASIC_IMPLEMENTATION" => StorageMode.Basic,
            "SYNCHRONOUS" or "SYNCHRONOUS_MIRRORING" => StorageMode.Synchronous,
            "ASYNCHRONOUS" or "ASYNCHRONOUS-REPLICATION" => StorageMode.Asynchronous,
            _ => throw new InvalidOperationException(
                $"Workshop__Storage is '{text}'; it may be basic, synchronous or asynchronous."
            ),
        };

    private static bool ReadIsExternal(string? text) =>
        text switch
        {
            null or "" or "workshop" => false,
            External => true,
            _ => throw new InvalidOperationException(
                $"Workshop__Database__Conductor is '{text}'; write workshop or external."
            ),
        };

    /// <summary>Where somebody else fails over there are copies, so basic mode is none.</summary>
    private static StorageMode ReadMode(string? text, bool isExternal) =>
        (isExternal, ReadMode(text)) switch
        {
            (false, var mode) => mode,
            (true, StorageMode.Basic) when text is null or "" => StorageMode.Synchronous,
            (true, StorageMode.Basic) => throw new InvalidOperationException(
                $"Workshop__Storage is '{text}', but somebody else fails over; write synchronous or asynchronous."
            ),
            (true, var mode) => mode,
        };

    private static Uri ReadStandby(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var standby) && standby.Port > 0
            ? standby
            : throw new InvalidOperationException(
                $"Workshop__Standby is '{text}'; this mode needs the second server, such as tcp://localhost:5434."
            );
}
