using Shop.Api.Storage;
using Workshop.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddStorage();

var app = builder.Build();
app.MapServiceDefaults();
app.MapStorage();
app.Run();
