using Registry.Conductor;
using Registry.Leases;
using Registry.Probes;
using Workshop.ServiceDefaults;
using Workshop.ServiceDefaults.JoinTokens;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddJoinToken();
builder.AddLeases();
builder.AddProbes();
builder.AddConductor();

var app = builder.Build();
app.MapServiceDefaults();
app.UseJoinToken();
app.MapLeases();
app.MapConductor();
app.Run();
