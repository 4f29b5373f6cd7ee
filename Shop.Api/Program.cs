using Shop.Api.Greeting;
using Shop.Api.Products;
using Shop.Api.Storage;
using Workshop.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddStorage();
builder.AddProducts();

var app = builder.Build();
app.MapServiceDefaults();
app.MapHello();
app.MapProducts();
app.MapStorage();
app.Run();
