using Microsoft.EntityFrameworkCore;

namespace Shop.Api.Data;

/// <summary>The shop's tables. Features know this context and nothing of how or where it is stored.</summary>
/// <param name="options">Where to connect; set by the storage mode.</param>
public sealed class ShopContext(DbContextOptions<ShopContext> options) : DbContext(options);
