using Shop.Web.Storefront;

namespace Shop.Web.Redundancy.Buyers;

/// <summary>
/// Products that only a run's buyers buy: the shop's own shelves stay full, and what was sold can be counted against
/// what is left. Taken out of the shop when the run ends.
/// </summary>
/// <param name="shop">The shop.</param>
public sealed class LabShelf(ShopClient shop)
{
    /// <summary>Several, so that buyers do not all wait for one row's lock.</summary>
    private const int Products = 8;

    private const string Category = "Laboratory";

    private const string Piece = "Test piece ";

    /// <summary>Most test pieces that one look can find; those of several interrupted runs.</summary>
    private const int MostFound = 500;

    private const int StockOfEach = 1_000_000;

    private readonly List<Guid> ids = [];

    /// <summary>The products.</summary>
    public IReadOnlyList<Guid> Ids => ids;

    /// <summary>Pieces at the start.</summary>
    public int Before => ids.Count * StockOfEach;

    /// <summary>Fills the shelf.</summary>
    /// <param name="run">The run's id.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>Null, or why it could not be filled.</returns>
    public async Task<string?> Fill(string run, CancellationToken ct)
    {
        for (var n = 1; n <= Products; n++)
        {
            var draft = new ProductDraft(
                $"{Piece}{n}{OfRun(run)}",
                "Bought by the laboratory's buyers only; it leaves the shop when their run ends.",
                Price: 1.00m,
                Category,
                StockOfEach
            );
            var made = await shop.Create(draft, Guid.CreateVersion7(), ct);
            if (made.Value is not { } product)
            {
                return made.Problem?.Sentence ?? "The shop made no product.";
            }

            ids.Add(product.Id);
        }

        return null;
    }

    /// <summary>Counts what is left.</summary>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>Pieces, or null when not all could be read.</returns>
    public async Task<int?> Left(CancellationToken ct)
    {
        var left = 0;
        foreach (var id in ids)
        {
            if ((await shop.Product(id, ct)).Value is not { } product)
            {
                return null;
            }

            left += product.Stock;
        }

        return left;
    }

    /// <summary>Takes the products out of the shop. What cannot be taken now stays, and is named as what it is.</summary>
    /// <param name="ct">Ends the wait.</param>
    public async Task Clear(CancellationToken ct)
    {
        foreach (var id in ids)
        {
            await shop.Delete(id, revision: null, ct);
        }
    }

    /// <summary>Takes out what runs left behind whose storefront was killed.</summary>
    /// <param name="current">Tells the id of the run under way, whose pieces stay; null for none.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>Pieces that were taken out; null when the shop did not answer.</returns>
    public async Task<int?> Sweep(Func<string?> current, CancellationToken ct)
    {
        if ((await shop.Products(new(Category), MostFound, ct)).Value is not { } found)
        {
            return null;
        }

        // Asked after the look: a run that begins now has made nothing that was seen.
        var kept = current() is { } run ? OfRun(run) : null;
        var taken = 0;
        foreach (var piece in found.Where(IsPiece).Where(piece => kept is null || !Ends(piece, kept)))
        {
            if (
                (await shop.Delete(piece.Id, revision: null, ct)).Problem is
                { Status: not StatusCodes.Status404NotFound }
            )
            {
                return null;
            }

            taken++;
        }

        return taken;
    }

    /// <summary>Somebody may have products of their own in this category.</summary>
    private static bool IsPiece(Product product) =>
        product.Name.StartsWith(Piece, StringComparison.Ordinal)
        && product.Name.Contains(OfRun(""), StringComparison.Ordinal);

    private static string OfRun(string run) => $" of run {run}";

    private static bool Ends(Product piece, string words) => piece.Name.EndsWith(words, StringComparison.Ordinal);
}
