namespace Registry.Conductor.StateMachine;

/// <summary>Why the conductor decides nothing until a person has.</summary>
/// <param name="Why">What is wrong, and what a person can do.</param>
/// <param name="MayGoOn">Whether <c>POST /conductor/promote?force=true</c> is one of these things.</param>
internal sealed record ConductorStop(string Why, bool MayGoOn)
{
    /// <summary>The persisted state is there and cannot be read: nothing may be decided without knowing the term.</summary>
    public static ConductorStop Unreadable(string error) =>
        new($"The persisted state (conductor.json) cannot be read, so nothing is decided: {error}", MayGoOn: false);

    /// <summary>The persisted state names a server that this storage mode does not have; null when it does not.</summary>
    public static ConductorStop? NotInMode(PersistedState persisted, PairSettings settings)
    {
        string?[] named = [persisted.Term == 0 ? null : persisted.Primary, persisted.Pending];
        var mode = persisted.Mode ?? settings.Mode;
        var isFirstAlone = mode is StorageMode.Basic && persisted.Wanted is null or StorageMode.Basic;
        return named.OfType<string>().FirstOrDefault(name => !IsThere(name)) is { } missing
            ? new(
                $"The primary of term {persisted.Term} is {missing}, which storage mode {ModeChange.Word(mode)} does "
                    + "not have, so nothing is decided. Start in the former mode; or start afresh (--reset); or, if "
                    + $"{ServerNames.First} has all the orders, POST /conductor/promote?force=true takes it as it is.",
                MayGoOn: true
            )
            : null;

        bool IsThere(string name) =>
            name is ServerNames.First || (name is ServerNames.Second && settings.IsPaired && !isFirstAlone);
    }
}
