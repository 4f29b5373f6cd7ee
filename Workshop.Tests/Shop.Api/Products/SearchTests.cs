using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;
using Shop.Api.Data;
using Workshop.Tests.Fixtures;
using Xunit;

namespace Workshop.Tests.Shop.Api.Products;

/// <summary>Search and filters, without regard to case and accents.</summary>
[Collection(nameof(ShopTests))]
public sealed class SearchTests(ShopFixture shop, PostgresFixture postgres)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Café crème", "CAFE CREME")]
    [InlineData("Cafe creme", "café")]
    [InlineData("Straße", "STRASSE")]
    [InlineData("GROSSE", "große")]
    [InlineData("Łódź", "lodz")]
    [InlineData("Ærø", "aero")]
    [InlineData("ΟΔΟΣ", "οδός")]
    [InlineData("Diyarbakır", "DIYARBAKIR")]
    [InlineData("İzmir", "izmir")]
    [InlineData("x̂ hat", "X HAT")]
    [InlineData("ﬁne ＡＢＣ", "fine abc")]
    [InlineData("ヴァイオリン", "ヴァイ")]
    [InlineData("50％ ＿off", "50% _")]
    public async Task A_search_regards_neither_case_nor_accents(string name, string search)
    {
        var client = await shop.Client();
        var mark = Guid.NewGuid().ToString("N");
        await client.NewProduct(1, name: $"{mark} {name}");

        var found = await client.Get($"/products?search={Uri.EscapeDataString($"{mark} {search}")}");
        var other = await client.Get($"/products?search={Uri.EscapeDataString($"{mark} {search}?")}");

        Assert.Equal(1, found.Json.GetArrayLength());
        Assert.Equal(0, other.Json.GetArrayLength());
    }

    [Fact]
    public async Task A_letter_with_a_mark_that_makes_it_another_letter_is_not_an_accent()
    {
        var client = await shop.Client();
        var mark = Guid.NewGuid().ToString("N");
        await client.NewProduct(1, name: $"{mark} ガラス");

        Assert.Equal(0, (await client.Get($"/products?search={mark}%20カラス")).Json.GetArrayLength());
    }

    [Fact]
    public async Task A_department_is_one_however_it_is_spelled()
    {
        var client = await shop.Client();
        var mark = Guid.NewGuid().ToString("N")[..8];
        foreach (var spelling in new[] { "Café", "Cafe", "Café", "CAFÉ" })
        {
            await client.NewProduct(1, category: $"{spelling} {mark}");
        }

        var filtered = await client.Get($"/products?category=cafe%20{mark.ToUpperInvariant()}&limit=2");
        var categories = (await client.Get("/categories")).Json.EnumerateArray();
        var own = categories.Single(one =>
            one.GetProperty("category").GetString()!.Contains(mark, StringComparison.Ordinal)
        );

        Assert.Equal("4", filtered.Header("X-Total-Count"));
        Assert.Equal($"Café {mark}", own.GetProperty("category").GetString());
        Assert.Equal(4, own.GetProperty("count").GetInt32());
    }

    [Fact]
    public async Task Search_and_filter_each_have_an_index()
    {
        await shop.Client();
        await using var source = NpgsqlDataSource.Create(shop.Database);
        await using var connection = await source.OpenConnectionAsync(Ct);
        async Task<string> Plan(string filter)
        {
#pragma warning disable CA2100 // The filters are literals of this file.
            await using var command = new NpgsqlCommand(
                "SET enable_seqscan = off; EXPLAIN SELECT count(*) FROM products WHERE " + filter,
                connection
            );
#pragma warning restore CA2100
            await using var reader = await command.ExecuteReaderAsync(Ct);
            var lines = new List<string>();
            while (await reader.ReadAsync(Ct))
            {
                lines.Add(reader.GetString(0));
            }

            return string.Join('\n', lines);
        }

        Assert.Contains(
            "products_by_words",
            await Plan("product_words(name, description) LIKE '%' || plain_letters('café') || '%'"),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "products_by_department",
            await Plan("plain_letters(category) = plain_letters('Été')"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Without_the_extension_a_search_finds_the_same_also_what_was_there_before()
    {
        var superuser = await postgres.CreateDatabase(Ct);
        var plain = await PlainRole(superuser);
        await using (var before = Context(plain))
        {
            await before.GetService<IMigrator>().MigrateAsync("20261128180000_Intents", Ct);
            await before.Database.ExecuteSqlRawAsync(
                """
                INSERT INTO products (id, name, description, price, category, stock, created_at)
                VALUES (gen_random_uuid(), 'Crème brûlée', 'Übermäßig süß.', 1, 'Été', 1, now())
                """,
                Ct
            );
        }

        await using (var server = new ShopServer(plain, "shop-api-plain"))
        {
            Assert.Equal(1, (await server.Client.Get("/products?search=creme%20BRULEE")).Json.GetArrayLength());
            Assert.Equal(1, (await server.Client.Get("/products?search=ubermassig")).Json.GetArrayLength());
            Assert.Equal(1, (await server.Client.Get("/products?category=ete")).Json.GetArrayLength());
        }

        await using var asPlain = Context(plain);
        await using var asSuperuser = Context(superuser);
        Assert.False(await SearchIndex.Ensure(asPlain, Ct));
        Assert.True(await SearchIndex.Ensure(asSuperuser, Ct));
    }

    private static ShopContext Context(string database) =>
        new(new DbContextOptionsBuilder<ShopContext>().UseNpgsql(database).Options);

    /// <summary>Somebody who may make tables, and no extensions.</summary>
    private static async Task<string> PlainRole(string superuser)
    {
        var settings = new NpgsqlConnectionStringBuilder(superuser);
        var name = $"plain_{settings.Database}";
        await using var source = NpgsqlDataSource.Create(superuser);
        await using var command = source.CreateCommand(
            $"CREATE ROLE {name} LOGIN PASSWORD 'plain'; GRANT CREATE ON SCHEMA public TO {name}"
        );
        await command.ExecuteNonQueryAsync(Ct);
        (settings.Username, settings.Password) = (name, "plain");
        return settings.ConnectionString;
    }
}
