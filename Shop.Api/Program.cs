using Shop.Api.Carts;
using Shop.Api.Greeting;
using Shop.Api.Limits;
using Shop.Api.Orders;
using Shop.Api.Products;
using Shop.Api.Storage;
using Shop.Api.Wire;
using Workshop.ServiceDefaults;
using Workshop.ServiceDefaults.Discovery;

if (args is [SchemaMigration.Command, .. var rest])
{
    return await SchemaMigration.Run(rest);
}

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
app.MapWire();
await app.RunAsync();
return 0;
