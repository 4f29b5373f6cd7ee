using Shop.Web.Predictions;
using Shop.Web.Redundancy;
using Shop.Web.Site;
using Shop.Web.Storefront;
using Shop.Web.Tour;
using Workshop.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddSite();
builder.AddStorefront();
builder.AddRedundancy();
builder.AddPredictions();
builder.AddTour();

var app = builder.Build();
app.MapServiceDefaults();
app.MapSite();
app.MapStorefront();
app.MapRedundancy();
app.MapPredictions();
app.Run();
