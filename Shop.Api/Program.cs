using Shop.Api.Carts;
using Shop.Api.Greeting;
using Shop.Api.Idempotency;
using Shop.Api.Orders;
using Shop.Api.Products;
using Shop.Api.Storage;
using Workshop.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddStorage();
builder.AddIdempotency();
builder.AddProducts();
builder.AddOrders();
builder.AddCarts();

var app = builder.Build();
app.MapServiceDefaults();
app.MapHello();
app.MapProducts();
app.MapOrders();
app.MapCarts();
app.MapStorage();
app.Run();
