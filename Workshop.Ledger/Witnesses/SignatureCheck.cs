using System.Globalization;
using Workshop.Ledger.Mechanism;

namespace Workshop.Ledger.Witnesses;

/// <summary>What the mechanism, which knows no cryptography, leaves open of entries with keys and signatures.</summary>
internal static class SignatureCheck
{
    /// <summary>How old a signed block may be, in blocks, when its signature gets into the ledger.</summary>
    internal const int MaximumAge = RecentHashes.Capacity / 2;

    /// <summary>What in an entry does not verify, in words, or null.</summary>
    /// <param name="state">Before the entry.</param>
    /// <param name="entry">Any entry.</param>
    /// <param name="chain">The blocks before it.</param>
    internal static string? Violation(State state, Entry entry, RecentHashes chain) =>
        entry switch
        {
            RegistrationEntry { Key: { } key } => WitnessKey.Violation(key),
            MoveEntry { Key: { } key } => WitnessKey.Violation(key),
            WitnessesEntry { Witnesses.IsDefault: false } entries => entries
                .Witnesses.Select(one => Violation(state, one, chain))
                .FirstOrDefault(violation => violation is not null),
            _ => null,
        };

    private static string? Violation(State state, WitnessSignature one, RecentHashes chain)
    {
        if (one?.Name is null || state.Members.GetValueOrDefault(one.Name)?.Key is not { } key)
        {
            return $"'{one?.Name}' is no witness.";
        }

        var said = string.Create(CultureInfo.InvariantCulture, $"what '{one.Name}' signed at height {one.Height}");
        return one.Height < chain.Count - MaximumAge || chain.At(one.Height) is not { } hash
                ? $"It is too old or yet to come, {said}."
            : !string.Equals(hash, one.Hash, StringComparison.Ordinal) ? $"Not of this ledger is {said}."
            : !WitnessKey.Verifies(key, new(chain.Origin!, one.Height, one.Hash), one.Signature)
                ? $"The signature does not verify of {said}."
            : null;
    }
}
