using Consensus.Batches;
using Consensus.Evaluation;
using Consensus.Ledger;
using Consensus.Limits;
using Consensus.Members;
using Consensus.Networks;
using Consensus.Predict;
using Consensus.Witnesses;
using Microsoft.Extensions.Options;
using Workshop.Ledger.Blocks;
using Workshop.ServiceDefaults.Bodies;
using Workshop.ServiceDefaults.Tokens;

namespace Consensus;

/// <summary>What the service is made of.</summary>
internal static class ConsensusService
{
    private const string DefaultDirectory = ".workshop/consensus";

    private const int LedgerDamaged = 3;

    internal static void AddConsensus(this WebApplicationBuilder builder)
    {
        builder
            .Services.AddOptions<ConsensusOptions>()
            .BindConfiguration("Consensus")
            .ValidateDataAnnotations()
            .ValidateOnStart();
        builder.Services.AddSingleton(services => new LedgerChain(
            builder.Configuration["Workshop:DataDirectory"] ?? DefaultDirectory,
            services.GetRequiredService<TimeProvider>()
        ));
        builder.Services.AddSingleton(_ =>
            GoldKey.Open(builder.Configuration["Workshop:DataDirectory"] ?? DefaultDirectory)
        );
        builder.Services.AddSingleton<LedgerOpening>();
        builder.Services.AddHostedService(services => services.GetRequiredService<LedgerOpening>());
        builder.Services.AddSingleton<LedgerWriter>();
        builder.Services.AddHostedService(services => services.GetRequiredService<LedgerWriter>());
        builder.AddTokens();
        builder.Services.AddSingleton(services => new MemberClients(
            builder.Configuration,
            services.GetRequiredService<IOptions<ConsensusOptions>>().Value.MemberNetworks
        ));
        builder.Services.AddSingleton<MemberGateway>();
        builder.Services.AddSingleton<Introduction>();
        builder.Services.AddHostedService<MemberMetrics>();
        builder.Services.AddSingleton<AddressBook>();
        builder.Services.AddSingleton<RegistrationQuota>();
        builder.Services.AddSingleton<Joining>();
        builder.Services.AddSingleton<Moving>();
        builder.Services.AddSingleton<OpenClaims>();
        builder.Services.AddHostedService(services => services.GetRequiredService<OpenClaims>());
        builder.Services.AddSingleton<Asker>();
        builder.Services.AddSingleton<BatchTurns>();
        builder.Services.AddSingleton<BatchQuota>();
        builder.Services.AddSingleton<BatchRunner>();
        // After the writer, so that it stops before it, and what was gathered is written.
        builder.Services.AddSingleton<Gatherer>();
        builder.Services.AddHostedService(services => services.GetRequiredService<Gatherer>());
        builder.Services.AddSingleton<Predictor>();
        builder.Services.AddSingleton<Survey>();
        builder.Services.AddSingleton<Inferring>();
        builder.Services.AddSingleton<Evaluator>();
        builder.Services.AddSingleton<Verification>();
        builder.Services.AddWitnesses();
        builder.AddLimits();
    }

    internal static void MapConsensus(this WebApplication app)
    {
        app.UseTokens();
        app.UseWholeBodies();
        app.UseRateLimiter();
        app.MapMembers();
        app.MapPredict();
        app.MapProtocol();
        UnknownNetwork.Map(app);
        app.MapBatches();
        app.MapTruths();
        app.MapEvaluation();
        app.MapLedger();
        app.MapWitnesses();
    }

    /// <summary>
    /// Runs the service; a ledger that does not verify, or cannot be opened, ends it with one sentence and exit code 3.
    /// </summary>
    internal static async Task<int> RunWithLedger(this WebApplication app)
    {
        try
        {
            await app.RunAsync();
            return 0;
        }
        catch (LedgerException failure)
        {
            await Console.Error.WriteLineAsync($"The ledger does not verify. {failure.Message}");
            return LedgerDamaged;
        }
        catch (LedgerRefusedException refusal)
        {
            await Console.Error.WriteLineAsync(refusal.Message);
            return LedgerDamaged;
        }
    }
}
