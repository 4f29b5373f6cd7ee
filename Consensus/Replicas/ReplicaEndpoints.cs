using Consensus.Ledger;
using DotNext.Net.Cluster.Consensus.Raft;
using DotNext.Net.Cluster.Consensus.Raft.Http;
using Workshop.Ledger.Blocks;

namespace Consensus.Replicas;

/// <summary>Several processes that keep one ledger. Where none are configured nothing here is added.</summary>
internal static class ReplicaEndpoints
{
    private const string ProtocolClient = "replicas-protocol";

    private const string Folder = "replica";

    /// <summary>Longest time for one call of the protocol: a replica that hangs must not hold the leader up.</summary>
    private static readonly TimeSpan RpcTimeout = TimeSpan.FromMilliseconds(400);

    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LookTimeout = TimeSpan.FromSeconds(1);

    /// <summary>A registration asks the member some rows, and a batch waits for its turn.</summary>
    private static readonly TimeSpan ForwardTimeout = TimeSpan.FromSeconds(20);

    internal static void AddReplicas(this WebApplicationBuilder builder)
    {
        var options = ReplicaOptions.Read(builder.Configuration, out var problem);
        if (problem is not null)
        {
            builder.Services.AddHostedService(_ => new Misconfigured(problem));
        }

        if (options is null)
        {
            return;
        }

        var services = builder.Services;
        var folder = LedgerEndpoints.DirectoryIn(builder.Configuration);
        builder.Logging.AddFilter("DotNext", LogLevel.Error);
        services.AddSingleton(options);
        services.AddSingleton(_ => GoldKey.Find(folder));
        services.AddSingleton<LedgerFetch>();
        services.AddSingleton(provider => OpenLog(provider, Path.Combine(folder, Folder)));
        services.AddSingleton<IPersistentState>(provider => provider.GetRequiredService<DurableLog>());
        services.UseInMemoryConfigurationStorage(members =>
        {
            foreach (var address in options.All)
            {
                members.Add(new(ProtocolOf(address)));
            }
        });
        services.ConfigureLocalNode(node => Configure(node, options));
        services
            .AddOptions<HttpClusterMemberConfiguration>()
            .Configure<DurableLog>((node, log) => node.Standby = log.IsBlank);
        services.AddSingleton<MajorityCommit>();
        services.AddSingleton<IBlockCommit>(provider => provider.GetRequiredService<MajorityCommit>());
        services.AddSingleton<ReplicaSelf>();
        services.AddSingleton<ReplicaStart>();
        services.AddSingleton<ReplicaGate>();
        services.AddSingleton<Forwarding>();
        services.AddHostedService(provider => provider.GetRequiredService<ReplicaStart>());
        services.AddHostedService<Reigns>();
        services.AddHealthChecks().AddCheck<ReplicaGate>("replica");
        services.AddPlainClient(ProtocolClient, RequestTimeout, provider => new Credentials(options, provider));
        services.AddPlainClient(ReplicaStart.Client, LookTimeout);
        services.AddPlainClient(Forwarding.Client, ForwardTimeout);
    }

    /// <summary>Before anything reads a request: the protocol is for replicas, and writes are the leader's.</summary>
    internal static void UseReplicas(this WebApplication app)
    {
        if (app.Services.GetService<ReplicaOptions>() is null)
        {
            return;
        }

        var gate = app.Services.GetRequiredService<ReplicaGate>();
        var forwarding = app.Services.GetRequiredService<Forwarding>();
        app.Use(gate.GuardProtocol);
        app.UseConsensusProtocolHandler();
        app.Use(gate.GuardReads);
        app.Use(forwarding.Invoke);
        app.MapGet(ReplicaGate.LookPath, (ReplicaSelf self) => self.View())
            .WithTags("Replicas")
            .WithSummary("How this replica stands, and who leads");
    }

    private static Uri ProtocolOf(Uri address) => new(address, ReplicaGate.ProtocolPath);

    private static void Configure(HttpClusterMemberConfiguration node, ReplicaOptions options)
    {
        node.PublicEndPoint = ProtocolOf(options.Self);
        node.ColdStart = false;
        node.LowerElectionTimeout = (int)ReplicaOptions.ShortestElection.TotalMilliseconds;
        node.UpperElectionTimeout = (int)ReplicaOptions.LongestElection.TotalMilliseconds;
        node.RpcTimeout = RpcTimeout;
        node.RequestTimeout = RequestTimeout;
        node.ClientHandlerName = ProtocolClient;
        node.ProtocolVersion = DotNext.Net.Http.HttpProtocolVersion.Http1;
    }

    private static DurableLog OpenLog(IServiceProvider provider, string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            if (!OperatingSystem.IsWindows())
            {
                // The network's key passes through the log.
                File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }

            return new(folder, ActivatorUtilities.CreateInstance<ReplicatedLedger>(provider, folder));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new LedgerRefusedException(
                $"The replica's log in {folder} cannot be opened: {failure.Message}",
                failure
            );
        }
    }

    /// <summary>A client that is neither looked up by name nor tried again: those who use it do that, or must not.</summary>
    private static void AddPlainClient(
        this IServiceCollection services,
        string name,
        TimeSpan timeout,
        Func<IServiceProvider, DelegatingHandler>? handler = null
    ) =>
        services
            .AddHttpClient(name, client => client.Timeout = timeout)
            .ConfigureAdditionalHttpMessageHandlers(
                (handlers, provider) =>
                {
                    handlers.Clear();
                    if (handler is not null)
                    {
                        handlers.Add(handler(provider));
                    }
                }
            )
            .ConfigurePrimaryHttpMessageHandler(() =>
                new SocketsHttpHandler
                {
                    AllowAutoRedirect = false,
                    ConnectTimeout = RpcTimeout,
                    UseCookies = false,
                    UseProxy = false,
                }
            )
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan);

    /// <summary>Shows the others that one of them asks.</summary>
    private sealed class Credentials(ReplicaOptions options, IServiceProvider provider) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct)
        {
            request.Headers.TryAddWithoutValidation(ReplicaGate.SecretHeader, options.Secret);
            request.Headers.TryAddWithoutValidation(
                ReplicaGate.RulesHeader,
                provider.GetRequiredService<ReplicaSelf>().Rules
            );
            return base.SendAsync(request, ct);
        }
    }

    /// <summary>Ends the service before it begins, with one sentence.</summary>
    private sealed class Misconfigured(string problem) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => throw new LedgerRefusedException(problem);

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
