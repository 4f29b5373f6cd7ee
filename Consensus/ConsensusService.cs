using Consensus.Batches;
using Consensus.Evaluation;
using Consensus.Ledger;
using Consensus.Limits;
using Consensus.Members;
using Consensus.Predict;
using Consensus.Replicas;
using Consensus.Witnesses;
using Workshop.ServiceDefaults.Bodies;
using Workshop.ServiceDefaults.Tokens;

namespace Consensus;

/// <summary>The service's table of contents.</summary>
internal static class ConsensusService
{
    internal static void AddConsensus(this WebApplicationBuilder builder)
    {
        builder.AddTokens();
        builder.AddLedger();
        builder.AddReplicas();
        builder.AddMembers();
        builder.AddBatches();
        builder.AddPredict();
        builder.AddEvaluation();
        builder.AddWitnesses();
        builder.AddLimits();
    }

    internal static void MapConsensus(this WebApplication app)
    {
        app.UseReplicas();
        app.UseTokens();
        app.UseWholeBodies();
        app.UseRateLimiter();
        app.MapMembers();
        app.MapPredict();
        app.MapBatches();
        app.MapEvaluation();
        app.MapLedger();
        app.MapWitnesses();
    }
}
