using System.Text.Json.Serialization;
using Shop.Api.Carts;
using Shop.Api.Greeting;
using Shop.Api.Orders;
using Shop.Api.Products;

namespace Shop.Api.Wire;

/// <summary>How the shop's records are read and written, worked out when it is built and not by reflection.</summary>
[JsonSerializable(typeof(Hello))]
[JsonSerializable(typeof(Product))]
[JsonSerializable(typeof(IReadOnlyList<Product>))]
[JsonSerializable(typeof(IAsyncEnumerable<Product>))]
[JsonSerializable(typeof(NewProduct))]
[JsonSerializable(typeof(ProductChange))]
[JsonSerializable(typeof(ProductDeleted))]
[JsonSerializable(typeof(List<CategoryCount>))]
[JsonSerializable(typeof(Order))]
[JsonSerializable(typeof(IReadOnlyList<Order>))]
[JsonSerializable(typeof(IAsyncEnumerable<Order>))]
[JsonSerializable(typeof(NewOrder))]
[JsonSerializable(typeof(IReadOnlyList<Shortage>))]
[JsonSerializable(typeof(Cart))]
[JsonSerializable(typeof(CartAddition))]
[JsonSerializable(typeof(CartQuantity))]
[JsonSerializable(typeof(CheckoutTerms))]
internal sealed partial class ShopJson : JsonSerializerContext;
