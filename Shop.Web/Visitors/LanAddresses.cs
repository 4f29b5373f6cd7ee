using System.Globalization;
using Shop.Web.Tour;
using Workshop.ServiceDefaults.Connections;

namespace Shop.Web.Visitors;

/// <summary>Where other machines reach the workshop; nowhere without <c>--lan</c>.</summary>
/// <param name="configuration">Holds what the host chose.</param>
/// <param name="addresses">Know how far the ports were moved.</param>
internal sealed class LanAddresses(IConfiguration configuration, WorkshopAddresses addresses)
{
    private const int StorefrontPort = 8080;

    private const int ConsensusPort = 4000;

    /// <summary>The machine as it stands in an address; null where nobody else reaches it.</summary>
    internal string? Host { get; } = configuration["Workshop:LanHost"] is { Length: > 0 } host ? host : null;

    /// <summary>The storefront for a browser elsewhere.</summary>
    internal string? Storefront => At(StorefrontPort);

    /// <summary>The consensus for a predictor elsewhere.</summary>
    internal string? Consensus => At(ConsensusPort);

    /// <summary>The line with which a classmate's predictor joins.</summary>
    internal string? JoinCommand =>
        Consensus is { } consensus
            ? $"dotnet run --project Predictors -- --join {consensus} --token THE_JOIN_TOKEN --model forest"
            : null;

    /// <summary>A service for whoever reads a page.</summary>
    /// <param name="reader">The request.</param>
    /// <param name="port">Its port without offset.</param>
    internal string For(HttpContext reader, int port) =>
        (reader.IsLocal() ? null : At(port)) ?? $"http://{addresses.At(port)}";

    /// <summary>A service for who is elsewhere; null where nobody else reaches it.</summary>
    /// <param name="port">Its port without offset.</param>
    internal string? At(int port) =>
        Host is null
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"http://{Host}:{port + addresses.PortOffset}");
}
