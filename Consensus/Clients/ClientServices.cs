using Microsoft.Extensions.Options;

namespace Consensus.Clients;

/// <summary>What members are asked with.</summary>
internal static class ClientServices
{
    internal static void AddClients(this WebApplicationBuilder builder)
    {
        builder
            .Services.AddOptions<ConsensusOptions>()
            .BindConfiguration("Consensus")
            .ValidateDataAnnotations()
            .ValidateOnStart();
        builder.Services.AddSingleton(services => new PredictorConnections(
            builder.Configuration,
            services.GetRequiredService<IOptions<ConsensusOptions>>().Value.MemberNetworks
        ));
        builder.Services.AddSingleton<PredictorTransport>();
        builder.Services.AddSingleton<PredictorClients>();
    }
}
