namespace Workshop.Ledger.Mechanism;

/// <summary>Names that a person takes for one another: they differ in case, or in dot, underscore and hyphen, alone.</summary>
internal static class LookAlike
{
    /// <summary>The member whose name looks like another; null where none does. Those that left count.</summary>
    internal static string? Find(State state, string name)
    {
        if (state.Members.ContainsKey(name))
        {
            return name;
        }

        var folded = Fold(name);
        return state.Members.Keys.FirstOrDefault(known => string.Equals(Fold(known), folded, StringComparison.Ordinal));
    }

    /// <summary>What is left of a name when its looks alone count.</summary>
    internal static string Fold(string name) =>
        string.Create(
            name.Length,
            name,
            static (folded, from) =>
            {
                for (var index = 0; index < folded.Length; index++)
                {
                    folded[index] = from[index] is '.' or '_' ? '-' : char.ToLowerInvariant(from[index]);
                }
            }
        );
}
