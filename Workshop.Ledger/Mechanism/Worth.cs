using System.Runtime.InteropServices;

namespace Workshop.Ledger.Mechanism;

/// <summary>A member whose worth is to be found.</summary>
/// <param name="Backing">B: capped stake times claimed skill.</param>
/// <param name="Votes">Whether it has influence, and so is part of the pool.</param>
internal readonly record struct Candidate(double Backing, bool Votes);

/// <summary>What a member's word counts, beside its claim: how good it is, and how much of it others say already.</summary>
/// <param name="Quality">w, in (0, 1].</param>
/// <param name="Originality">u, in (0, 1].</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Worth(double Quality, double Originality)
{
    /// <summary>Worth of all members, from what rows and truth have shown.</summary>
    /// <param name="candidates">In the order of the comparison's names.</param>
    /// <param name="comparison">What all rows have shown.</param>
    /// <param name="book">What gold rows have shown.</param>
    /// <param name="parameters">How excess becomes quality.</param>
    internal static Worth[] Of(
        ReadOnlySpan<Candidate> candidates,
        Comparison comparison,
        GoldBook book,
        Parameters parameters
    )
    {
        var excess = new double[candidates.Length];
        for (var index = 0; index < excess.Length; index++)
        {
            excess[index] = comparison.MeanExcess(index) + book.Correction(index, parameters);
        }

        var best = Mechanism.Quality.BestExcess(candidates, excess);
        var quality = new double[excess.Length];
        for (var index = 0; index < quality.Length; index++)
        {
            quality[index] = Mechanism.Quality.Of(excess[index] - best, parameters);
        }

        var originality = Mechanism.Originality.Of(candidates, comparison, quality);
        var worths = new Worth[excess.Length];
        for (var index = 0; index < worths.Length; index++)
        {
            worths[index] = new(quality[index], originality[index]);
        }

        return worths;
    }
}
