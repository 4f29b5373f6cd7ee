using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Predictors.Models.Learners;

/// <summary>
/// Sums of products of lines of numbers, several columns at a time. Each sum takes its terms one after the other, as its
/// definition does, so it has the same bits on every machine, however wide the machine's vectors are.
/// </summary>
internal static class Products
{
    /// <summary>Columns of a tile. Lines that are written to are as long as a multiple of it.</summary>
    internal const int Width = 16;

    /// <summary>The products of all pairs of lines.</summary>
    /// <param name="lines">Of the same length.</param>
    /// <returns>The lower triangle; what stands beyond the diagonal means nothing.</returns>
    internal static double[][] Of(double[][] lines)
    {
        var products = Triangle(lines.Length);
        for (var column = 0; column < lines.Length; column += Width)
        {
            var tile = Tile(lines, column, 0, lines[0].Length, 1);
            for (var line = column; line < lines.Length; line++)
            {
                Add(lines[line], tile, products[line].AsSpan(column, Width));
            }
        }

        return products;
    }

    /// <summary>A lower triangle of zeros, whose lines may be written a tile at a time.</summary>
    internal static double[][] Triangle(int size) =>
        [.. Enumerable.Range(0, size).Select(line => new double[(line / Width * Width) + Width])];

    /// <summary>Packs a piece of <see cref="Width"/> lines, term by term; lines that are not there are zeros.</summary>
    /// <param name="lines">All lines.</param>
    /// <param name="first">The first of the tile's lines.</param>
    /// <param name="begin">The first term of the piece.</param>
    /// <param name="end">One beyond its last term.</param>
    /// <param name="sign">1, or -1 to subtract.</param>
    internal static double[] Tile(double[][] lines, int first, int begin, int end, double sign)
    {
        var tile = new double[(end - begin) * Width];
        for (var column = 0; column < Math.Min(Width, lines.Length - first); column++)
        {
            var line = lines[first + column].AsSpan(begin, end - begin);
            for (var term = 0; term < line.Length; term++)
            {
                tile[(term * Width) + column] = sign * line[term];
            }
        }

        return tile;
    }

    /// <summary>Adds the products of one piece of a line with a tile's lines.</summary>
    /// <param name="piece">As many terms as the tile has.</param>
    /// <param name="tile">From <see cref="Tile"/>.</param>
    /// <param name="sums">One per column of the tile.</param>
    /// <remarks>
    /// A training spends most of its time here, and a process trains once: it cannot wait for the second compilation.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Add(ReadOnlySpan<double> piece, ReadOnlySpan<double> tile, Span<double> sums)
    {
        // The vectors below are read without further checks.
        sums = sums[..Width];
        tile = tile[..(piece.Length * Width)];
        const int Lanes = 4;
        ref var sum = ref MemoryMarshal.GetReference(sums);
        ref var packed = ref MemoryMarshal.GetReference(tile);
        var first = Vector256.LoadUnsafe(ref sum);
        var second = Vector256.LoadUnsafe(ref sum, Lanes);
        var third = Vector256.LoadUnsafe(ref sum, 2 * Lanes);
        var fourth = Vector256.LoadUnsafe(ref sum, 3 * Lanes);
        for (var term = 0; term < piece.Length; term++)
        {
            var factor = Vector256.Create(piece[term]);
            var place = (nuint)(term * Width);
            first += factor * Vector256.LoadUnsafe(ref packed, place);
            second += factor * Vector256.LoadUnsafe(ref packed, place + Lanes);
            third += factor * Vector256.LoadUnsafe(ref packed, place + (2 * Lanes));
            fourth += factor * Vector256.LoadUnsafe(ref packed, place + (3 * Lanes));
        }

        first.StoreUnsafe(ref sum);
        second.StoreUnsafe(ref sum, Lanes);
        third.StoreUnsafe(ref sum, 2 * Lanes);
        fourth.StoreUnsafe(ref sum, 3 * Lanes);
    }
}
