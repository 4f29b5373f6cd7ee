using Consensus;
using Consensus.Ledger;
using Workshop.ServiceDefaults;
using Workshop.ServiceDefaults.Description;
using Workshop.ServiceDefaults.Sockets;

if (await Commands.Run(args) is { } exitCode)
{
    return exitCode;
}

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddSocketThreads();
builder.AddConsensus();
builder.AddDescription("Consensus", "Asks the predictors, combines what they say, and keeps score and ledger.");

var app = builder.Build();
return await app.RunWithLedger(() =>
{
    app.MapServiceDefaults();
    app.UseSocketThreads();
    app.MapConsensus();
    app.MapDescription("the consensus");
});
