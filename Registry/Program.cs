using Registry.Conductor;
using Registry.Leases;
using Registry.Probes;
using Registry.Replicas;
using Workshop.Replicas;
using Workshop.ServiceDefaults;
using Workshop.ServiceDefaults.Bodies;
using Workshop.ServiceDefaults.Description;
using Workshop.ServiceDefaults.Tokens;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddTokens();
builder.AddLeases();
builder.AddProbes();
builder.AddConductor();
builder.AddReplicas();
builder.AddDescription("Registry", "Where the servers are, which of them are alive, and who leads the database pair.");

var app = builder.Build();
return await app.RunToEnd(() =>
{
    app.MapServiceDefaults();
    app.UseReplicas();
    app.UseTokens();
    app.UseWholeBodies();
    app.MapLeases();
    app.MapConductor();
    app.MapDescription("the registry");
});
