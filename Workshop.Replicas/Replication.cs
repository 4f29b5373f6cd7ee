using DotNext.Net.Cluster.Consensus.Raft;
using DotNext.Net.Cluster.Consensus.Raft.Http;
using DotNext.Net.Cluster.Consensus.Raft.StateMachine;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Workshop.Replicas;

/// <summary>Several processes that decide together. Where none are configured nothing here is added.</summary>
internal static class Replication
{
    private const string ProtocolClient = "replicas-protocol";

    private const string Folder = "replica";

    /// <summary>Longest time for one call of the protocol: a replica that hangs must not hold the leader up.</summary>
    private static readonly TimeSpan RpcTimeout = TimeSpan.FromMilliseconds(400);

    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LookTimeout = TimeSpan.FromSeconds(1);

    /// <summary>A registration asks the member some rows, and a batch waits for its turn.</summary>
    private static readonly TimeSpan ForwardTimeout = TimeSpan.FromSeconds(20);

    /// <summary>Whether several processes decide together.</summary>
    private static bool HasReplicas(this IHostApplicationBuilder builder) =>
        ReplicaOptions.Read(builder.Configuration, out _) is not null;

    /// <summary>Adds work that one process does: the only one, or the one that leads, which then runs it itself.</summary>
    internal static void AddWhereItLeads<T>(this IHostApplicationBuilder builder)
        where T : class, IHostedService
    {
        builder.Services.AddSingleton<T>();
        if (!builder.HasReplicas())
        {
            builder.Services.AddHostedService(services => services.GetRequiredService<T>());
        }
    }

    /// <summary>Adds what the log of several processes needs.</summary>
    /// <typeparam name="TState">What an entry of the log does.</typeparam>
    /// <typeparam name="TReplicated">What the replicas say of it.</typeparam>
    /// <typeparam name="TLeader">What the leader does.</typeparam>
    /// <param name="builder">The service's.</param>
    /// <param name="folder">The service's own.</param>
    /// <returns>False where one process decides alone.</returns>
    internal static bool AddReplication<TState, TReplicated, TLeader>(this WebApplicationBuilder builder, string folder)
        where TState : class, IStateMachine
        where TReplicated : class, IReplicated
        where TLeader : class, ILeader
    {
        var options = ReplicaOptions.Read(builder.Configuration, out var problem);
        if (problem is not null)
        {
            builder.Services.AddHostedService(_ => new Misconfigured(problem));
        }

        if (options is null)
        {
            return false;
        }

        var services = builder.Services;
        builder.Logging.AddFilter("DotNext", LogLevel.Error);
        services.AddSingleton(options);
        services.AddSingleton<IReplicated, TReplicated>();
        services.AddSingleton<ILeader, TLeader>();
        var logFolder = Path.Combine(folder, Folder);
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<TState>(provider, logFolder));
        services.AddSingleton(provider => OpenLog(logFolder, provider.GetRequiredService<TState>()));
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
        services.AddSingleton<MajorityLog>();
        services.AddSingleton<ReplicaSelf>();
        services.AddSingleton<ReplicaStart>();
        services.AddSingleton<ReplicaGate>();
        services.AddSingleton<Forwarding>();
        services.AddHostedService(provider => provider.GetRequiredService<ReplicaStart>());
        services.AddHostedService<LeaderLoop>();
        services.AddPlainClient(ProtocolClient, RequestTimeout, provider => new Credentials(options, provider));
        services.AddPlainClient(ReplicaStart.Client, LookTimeout);
        services.AddPlainClient(Forwarding.Client, ForwardTimeout);
        return true;
    }

    /// <summary>
    /// Before anything reads a request: the protocol is for replicas alone, and what is the leader's is passed on.
    /// </summary>
    /// <param name="app">The service.</param>
    /// <param name="beforeForwarding">What a replica looks at before it answers or passes on; null for nothing.</param>
    internal static void UseReplication(
        this WebApplication app,
        Func<HttpContext, RequestDelegate, Task>? beforeForwarding = null
    )
    {
        if (app.Services.GetService<ReplicaOptions>() is null)
        {
            return;
        }

        app.Use(app.Services.GetRequiredService<ReplicaGate>().Guard);
        app.UseConsensusProtocolHandler();
        if (beforeForwarding is not null)
        {
            app.Use(beforeForwarding);
        }

        app.Use(app.Services.GetRequiredService<Forwarding>().Invoke);
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
        node.HeartbeatThreshold = ReplicaOptions.HeartbeatThreshold;
        node.ClockDriftBound = ReplicaOptions.ClockDriftBound;
        node.IsLeaderLeaseEnabled = true;
        node.RpcTimeout = RpcTimeout;
        node.RequestTimeout = RequestTimeout;
        node.ClientHandlerName = ProtocolClient;
        node.ProtocolVersion = DotNext.Net.Http.HttpProtocolVersion.Http1;
    }

    private static DurableLog OpenLog(string folder, IStateMachine state)
    {
        try
        {
            Directory.CreateDirectory(folder);
            if (!OperatingSystem.IsWindows())
            {
                // A key may pass through the log.
                File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }

            return new(folder, state);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException(
                $"The replica's log in {folder} cannot be opened: {failure.Message}",
                failure
            );
        }
    }

    /// <summary>A client that is neither looked up by name nor tried again: those who use it do that, or must not.</summary>
    internal static void AddPlainClient(
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
                provider.GetRequiredService<IReplicated>().Rules
            );
            return base.SendAsync(request, ct);
        }
    }

    /// <summary>Ends the service before it begins, with one sentence.</summary>
    private sealed class Misconfigured(string problem) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => throw new StartRefusedException(problem);

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
