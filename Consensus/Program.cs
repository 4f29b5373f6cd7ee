using Consensus;
using Consensus.Ledger;
using Consensus.Witnesses;
using Workshop.ServiceDefaults;
using Workshop.ServiceDefaults.Description;
using Workshop.ServiceDefaults.Sockets;

if (args is [VerifyCommand.Name, .. var paths])
{
    return VerifyCommand.Run(paths, Console.Out, Console.Error);
}

if (args is [FollowCommand.Name, .. var followed])
{
    return await FollowCommand.RunUntilStopped(followed);
}

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddSocketThreads();
builder.AddConsensus();
builder.AddDescription("Consensus", "Asks the predictors, combines what they say, and keeps score and ledger.");

var app = builder.Build();
app.MapServiceDefaults();
app.UseSocketThreads();
app.MapConsensus();
app.MapDescription("the consensus");
return await app.RunWithLedger();
