using Shop.Api.Carts;
using Shop.Api.Greeting;
using Shop.Api.Limits;
using Shop.Api.Orders;
using Shop.Api.Products;
using Shop.Api.Storage;
using Shop.Api.Wire;
using Workshop.ServiceDefaults;
using Workshop.ServiceDefaults.Discovery;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddRegistryMembership("shop-api");
builder.AddWire();
builder.AddLimits();
builder.AddStorage();
builder.AddProducts();
builder.AddOrders();
builder.AddCarts();

var app = builder.Build();
app.MapServiceDefaults();
app.UseLimits();
app.MapHello();
app.MapProducts();
app.MapOrders();
app.MapCarts();
app.MapStorage();
app.Run();
