using System.Collections.Immutable;
using Workshop.Ledger.Mechanism;

namespace Workshop.Ledger.Blocks;

/// <summary>
/// Whether what a block says that followed is what followed. Members of records are compared by the compiler's equality, so
/// none is forgotten; arrays, which it compares by reference, by their elements.
/// </summary>
internal static class SameSettlement
{
    internal static bool Is(Settlement? said, Settlement found) =>
        said is not null
        && Are(said.Consensus, found.Consensus, (one, other) => Are(one, other))
        && Are(said.Members, found.Members, Is)
        && Are(said.PaidOut, found.PaidOut);

    internal static bool Is(TruthSettlement? said, TruthSettlement found) =>
        said is not null && Are(said.Members, found.Members, Is) && Are(said.PaidOut, found.PaidOut);

    private static bool Is(MemberSettlement said, MemberSettlement found) =>
        Are(said.Events, found.Events) && said == found with { Events = said.Events };

    private static bool Is(TruthConsequence said, TruthConsequence found) =>
        Are(said.Events, found.Events) && said == found with { Events = said.Events };

    private static bool Are<T>(ImmutableArray<T> said, ImmutableArray<T> found)
        where T : IEquatable<T> => !said.IsDefault && said.AsSpan().SequenceEqual(found.AsSpan());

    private static bool Are<T>(ImmutableArray<T> said, ImmutableArray<T> found, Func<T, T, bool> same)
    {
        if (said.IsDefault || said.Length != found.Length)
        {
            return false;
        }

        for (var item = 0; item < said.Length; item++)
        {
            if (said[item] is null || !same(said[item], found[item]))
            {
                return false;
            }
        }

        return true;
    }
}
