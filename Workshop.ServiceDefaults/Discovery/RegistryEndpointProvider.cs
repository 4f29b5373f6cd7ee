using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.ServiceDiscovery;

namespace Workshop.ServiceDefaults.Discovery;

/// <summary>
/// Resolves names such as <c>http://shop-api</c> through the registry. A name that the host wired itself
/// (<c>services__{name}__...</c>, the registry's own among them) and an ordinary host name are left to the others.
/// </summary>
internal sealed partial class RegistryEndpointProviderFactory(ServiceWatches watches, IConfiguration configuration)
    : IServiceEndpointProviderFactory
{
    public bool TryCreateProvider(
        ServiceEndpointQuery query,
        [NotNullWhen(true)] out IServiceEndpointProvider? provider
    )
    {
        provider =
            watches.IsAvailable
            && ServiceName().IsMatch(query.ServiceName)
            && query.ServiceName is not "localhost"
            && !configuration.GetSection($"services:{query.ServiceName}").Exists()
                ? new RegistryEndpointProvider(watches.Watch(query.ServiceName))
                : null;
        return provider is not null;
    }

    /// <summary>A name without dots: neither an address nor a host of the internet.</summary>
    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9-]{0,63}\z", RegexOptions.NonBacktracking)]
    private static partial Regex ServiceName();
}

/// <summary>The addresses of one service, and the promise to tell when they change.</summary>
internal sealed class RegistryEndpointProvider(ServiceWatch watch) : IServiceEndpointProvider
{
    /// <summary>Longest time that the very first request waits for the registry's first answer.</summary>
    private static readonly TimeSpan FirstAnswerTimeout = TimeSpan.FromSeconds(2);

    public async ValueTask PopulateAsync(IServiceEndpointBuilder endpoints, CancellationToken cancellationToken)
    {
        await watch.WaitForFirstAnswer(FirstAnswerTimeout, cancellationToken);
        var (addresses, changed) = watch.Routes;
        foreach (var address in addresses)
        {
            endpoints.Endpoints.Add(ServiceEndpoint.Create(ReadAddress(address)));
        }

        endpoints.AddChangeToken(changed);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static EndPoint ReadAddress(string address)
    {
        var uri = new Uri($"http://{address}");
        return IPAddress.TryParse(uri.DnsSafeHost, out var ip)
            ? new IPEndPoint(ip, uri.Port)
            : new DnsEndPoint(uri.Host, uri.Port);
    }
}
