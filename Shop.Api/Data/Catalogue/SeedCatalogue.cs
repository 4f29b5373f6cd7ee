using System.Text.Json;

namespace Shop.Api.Data.Catalogue;

/// <summary>
/// What the shop sells when it opens: about sixty products in eight categories, in <c>catalogue.json</c>. Their ids are
/// fixed, so that every server and every new database agree.
/// </summary>
internal static class SeedCatalogue
{
    private const string Resource = "catalogue.json";

    /// <summary>The catalogue as JSON, for the database to read.</summary>
    /// <returns>An array of <c>{ id, category, name, price, stock, description }</c>.</returns>
    public static string ReadJson()
    {
        using var stream =
            typeof(SeedCatalogue).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The assembly holds no {Resource}.");
        using var document = JsonDocument.Parse(stream);
        return JsonSerializer.Serialize(document);
    }
}
