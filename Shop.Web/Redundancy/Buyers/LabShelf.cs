using System.Buffers.Binary;
using Shop.Web.Storefront;

namespace Shop.Web.Redundancy.Buyers;

/// <summary>
/// Products that only a run's buyers buy: the shop's own shelves stay full, and what was sold can be counted against
/// what is left. Taken out of the shop when the run ends.
/// </summary>
/// <param name="shop">The shop.</param>
/// <param name="mark">Which run is this storefront's own.</param>
public sealed class LabShelf(ShopClient shop, ShelfMark mark)
{
    /// <summary>
    /// From then on pieces are nobody's, whichever storefront made them: no run takes as long, with its last orders and the look
    /// for all of them.
    /// </summary>
    internal static readonly TimeSpan LongestRun = TimeSpan.FromMinutes(10);

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
        mark.Keep(run);
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
        var isLeft = false;
        foreach (var id in ids)
        {
            isLeft |= !await Take(id, ct);
        }

        if (!isLeft)
        {
            mark.Forget();
        }
    }

    /// <summary>
    /// Takes out what runs left behind whose storefront was killed: this one's at once, that of others once no run takes as long,
    /// for another storefront's run may be under way.
    /// </summary>
    /// <param name="current">Tells the id of the run under way, whose pieces stay; null for none.</param>
    /// <param name="now">Against which the pieces' age is measured.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>Pieces that were taken out, and of others that may be in use; null when the shop did not answer.</returns>
    public async Task<(int Taken, int InUse)?> Sweep(Func<string?> current, DateTimeOffset now, CancellationToken ct)
    {
        if ((await shop.Products(new(Category), MostFound, ct)).Value is not { } found)
        {
            return null;
        }

        // Asked after the look: a run that begins now has made nothing that was seen.
        var kept = current();
        var (taken, inUse) = (0, 0);
        foreach (var piece in found.Where(IsPiece).Where(piece => !IsOf(piece, kept)))
        {
            if (!IsOf(piece, mark.Interrupted) && now - MadeAt(piece.Id) < LongestRun)
            {
                inUse++;
            }
            else if (await Take(piece.Id, ct))
            {
                taken++;
            }
            else
            {
                return null;
            }
        }

        return (taken, inUse);
    }

    /// <summary>Whether a product is out of the shop now.</summary>
    private async Task<bool> Take(Guid id, CancellationToken ct) =>
        (await shop.Delete(id, revision: null, ct)).Problem is null or { Status: StatusCodes.Status404NotFound };

    /// <summary>A product's id is a UUID of version 7: its first 48 bits are milliseconds since 1970.</summary>
    private static DateTimeOffset MadeAt(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(bytes) >>> 16);
    }

    /// <summary>Somebody may have products of their own in this category.</summary>
    private static bool IsPiece(Product product) =>
        product.Name.StartsWith(Piece, StringComparison.Ordinal)
        && product.Name.Contains(OfRun(""), StringComparison.Ordinal);

    private static string OfRun(string run) => $" of run {run}";

    private static bool IsOf(Product piece, string? run) =>
        run is not null && piece.Name.EndsWith(OfRun(run), StringComparison.Ordinal);
}
