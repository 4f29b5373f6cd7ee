using Consensus;
using Consensus.Ledger;
using Workshop.ServiceDefaults;

if (args is [VerifyCommand.Name, .. var paths])
{
    return VerifyCommand.Run(paths, Console.Out, Console.Error);
}

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddConsensus();

var app = builder.Build();
app.MapServiceDefaults();
app.MapConsensus();
return await app.RunWithLedger();
