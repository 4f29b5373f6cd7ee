using Shop.Web.Predictions;
using Shop.Web.Redundancy;
using Shop.Web.Site;
using Shop.Web.Storefront;
using Shop.Web.Tour;
using Shop.Web.Visitors;
using Workshop.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args).AddServiceDefaults();
if (builder.IsLaboratory())
{
    builder.RunLaboratory();
    return;
}

builder.AddSite();
builder.AddStorefront();
builder.AddRedundancy();
builder.AddPredictions();
builder.AddTour();
builder.AddVisitors();

var app = builder.Build();
app.MapServiceDefaults();
app.MapSite();
app.MapStorefront();
app.MapRedundancy();
app.MapPredictions();
app.MapVisitors();
app.Run();
