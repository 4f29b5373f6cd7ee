using Microsoft.Extensions.Configuration;
using Workshop.ServiceDefaults.Tokens;

namespace Workshop.ServiceDefaults.Discovery;

/// <summary>Where the registry is, as the host wired it.</summary>
internal static class RegistryAddress
{
    private const string Key = "services:registry:http:0";

    /// <summary>The registry's address; null where the host gave none, and nobody is looked up.</summary>
    /// <exception cref="InvalidOperationException">The address is no http URL.</exception>
    internal static Uri? Read(IConfiguration configuration)
    {
        if (configuration[Key] is not { Length: > 0 } text)
        {
            return null;
        }

        return Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http"
            ? address
            : throw new InvalidOperationException(
                $"services__registry__http__0 is '{text}'; write a URL such as http://localhost:3000."
            );
    }

    /// <summary>
    /// A client that talks to the registry alone: it is not itself looked up or retried. It shows the operator token where
    /// the host gave one, so that its polls have places of their own. Its heartbeats make no traces, here or there: see
    /// <see cref="Telemetry.ForegroundSampler"/>.
    /// </summary>
    internal static HttpClient NewClient(IConfiguration configuration, Uri address, TimeSpan timeout)
    {
        var http = new HttpClient(NewHandler(), disposeHandler: true) { BaseAddress = address, Timeout = timeout };
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
