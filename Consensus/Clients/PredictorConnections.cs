using System.Diagnostics;
using Consensus.Members;
using Microsoft.Security.AntiSSRF;
using Workshop.ServiceDefaults.Telemetry;

namespace Consensus.Clients;

/// <summary>
/// The two connections to members. Neither follows redirects, keeps cookies, uses a proxy or retries: a member that
/// does not answer is absent, and a second question would be an equivocation test.
/// </summary>
/// <param name="configuration">Says whether somebody collects traces.</param>
/// <param name="networks">Private networks in which outsiders may live.</param>
internal sealed class PredictorConnections(IConfiguration configuration, IReadOnlyList<string> networks) : IDisposable
{
    private const int ConnectionsPerMember = 32;

    private static readonly TimeSpan IdleConnectionLifetime = TimeSpan.FromMinutes(2);

    private readonly HttpMessageInvoker insiders = new(Insiders(configuration));

    private readonly HttpMessageInvoker outsiders = new(Outsiders(networks));

    /// <summary>The connection for an address.</summary>
    internal HttpMessageInvoker For(Uri address) => MemberAddress.IsInsider(address) ? insiders : outsiders;

    public void Dispose()
    {
        insiders.Dispose();
        outsiders.Dispose();
    }

    private static SocketsHttpHandler Insiders(IConfiguration configuration) =>
        new()
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            MaxConnectionsPerServer = ConnectionsPerMember,
            PooledConnectionIdleTimeout = IdleConnectionLifetime,
            // Without a collector a trace of every question to every member is work that nobody sees.
            ActivityHeadersPropagator = configuration.NamesCollector()
                ? DistributedContextPropagator.CreateDefaultPropagator()
                : null,
        };

    /// <summary>
    /// To public addresses, and those of the networks: each is checked when the connection is made, after its name was
    /// resolved.
    /// </summary>
    private static AntiSSRFHandler Outsiders(IReadOnlyList<string> networks)
    {
        var policy = new AntiSSRFPolicy(PolicyConfigOptions.ExternalOnlyLatest)
        {
            AllowPlainTextHttp = true,
            AddXFFHeader = false,
        };
        policy.AddAllowedAddresses([.. networks]);
        var handler = policy.GetHandler();
        handler.AllowAutoRedirect = false;
        handler.UseCookies = false;
        handler.MaxConnectionsPerServer = ConnectionsPerMember;
        handler.PooledConnectionIdleTimeout = IdleConnectionLifetime;
        return handler;
    }
}
