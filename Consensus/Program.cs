using Consensus;
using Consensus.Ledger;
using Workshop.ServiceDefaults;
using Workshop.ServiceDefaults.Sockets;

if (args is [VerifyCommand.Name, .. var paths])
{
    return VerifyCommand.Run(paths, Console.Out, Console.Error);
}

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddSocketThreads();
builder.AddConsensus();

var app = builder.Build();
app.MapServiceDefaults();
app.UseSocketThreads();
app.MapConsensus();
return await app.RunWithLedger();
