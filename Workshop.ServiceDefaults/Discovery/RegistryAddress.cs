using Microsoft.Extensions.Configuration;
using Workshop.ServiceDefaults.Tokens;

namespace Workshop.ServiceDefaults.Discovery;

/// <summary>Where the registry is, as the host wired it; several addresses where it runs as replicas.</summary>
internal static class RegistryAddress
{
    private const string Section = "services:registry:http";

    /// <summary>The registry's addresses; none where the host gave none, and nobody is looked up.</summary>
    /// <exception cref="InvalidOperationException">An address is no http URL.</exception>
    internal static IReadOnlyList<Uri> Read(IConfiguration configuration) =>
        [
            .. configuration
                .GetSection(Section)
                .GetChildren()
                .Where(one => !string.IsNullOrEmpty(one.Value))
                .Select(one =>
                    Uri.TryCreate(one.Value, UriKind.Absolute, out var address) && address.Scheme is "http"
                        ? address
                        : throw new InvalidOperationException(
                            $"services__registry__http__{one.Key} is '{one.Value}'; write a URL such as http://localhost:3000."
                        )
                ),
        ];

    /// <summary>
    /// A client that talks to the registry alone: it is not itself looked up or retried. It shows the operator token where
    /// the host gave one, so that its polls have places of their own. Its heartbeats make no traces, here or there: see
    /// <see cref="Telemetry.ForegroundSampler"/>.
    /// </summary>
    internal static HttpClient NewClient(IConfiguration configuration, IReadOnlyList<Uri> addresses, TimeSpan timeout)
    {
        var http = new HttpClient(LivingReplica.Of(addresses, NewHandler()), disposeHandler: true)
        {
            BaseAddress = addresses[0],
            Timeout = timeout,
        };
        if (configuration[AccessTokens.OperatorKey] is { Length: > 0 } token)
        {
            http.DefaultRequestHeaders.Authorization = new(AccessTokens.Scheme, token);
        }

        return http;
    }

    private static SocketsHttpHandler NewHandler() =>
        new()
        {
            ConnectTimeout = TimeSpan.FromSeconds(1),
            UseCookies = false,
            UseProxy = false,
        };
}
