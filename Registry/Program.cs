using Registry.Conductor;
using Registry.Leases;
using Registry.Probes;
using Workshop.ServiceDefaults;
using Workshop.ServiceDefaults.Tokens;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddTokens();
builder.AddLeases();
builder.AddProbes();
builder.AddConductor();

var app = builder.Build();
app.MapServiceDefaults();
app.UseTokens();
app.MapLeases();
app.MapConductor();
app.Run();
