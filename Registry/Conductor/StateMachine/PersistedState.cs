using System.Text.Json.Serialization;

namespace Registry.Conductor.StateMachine;

/// <summary>
/// What has been decided about the pair, and must be known after a restart before anything else is done.
/// </summary>
/// <param name="Term">Rises by one with every decision for a new primary; 0 before the first.</param>
/// <param name="Primary">The server that may take writes; empty at term 0.</param>
/// <param name="Promotable">The server that may take its place, for it has all that was acknowledged; or null.</param>
/// <param name="Pending">The server that is to become primary in this term, until it is; or null.</param>
/// <param name="Rebuild">The server whose data are of an earlier term and must become a fresh copy; or null.</param>
/// <param name="Mode">The storage mode in force: what is promised. Null in a file of before it was persisted.</param>
/// <param name="Wanted">
/// The storage mode that a person wants, until the way there is at its end; or null. It says <c>basic</c> for as long as the
/// second server is still to be stopped, although basic is in force by then.
/// </param>
/// <param name="WantedSince">When it was wanted.</param>
/// <param name="Change">
/// Rises by one with each write, whoever conducts: of the files of several registries the host takes the latest. 0 in a file of
/// before it was counted.
/// </param>
internal sealed record PersistedState(
    long Term,
    string Primary,
    string? Promotable = null,
    string? Pending = null,
    string? Rebuild = null,
    [property: JsonConverter(typeof(JsonStringEnumConverter<StorageMode>))] StorageMode? Mode = null,
    [property: JsonConverter(typeof(JsonStringEnumConverter<StorageMode>))] StorageMode? Wanted = null,
    DateTimeOffset? WantedSince = null,
    long Change = 0
)
{
    /// <summary>Nothing decided yet.</summary>
    public static PersistedState None { get; } = new(0, "");

    /// <summary>The other server of the pair is to become primary.</summary>
    public PersistedState Begin(string next) => this with { Term = Term + 1, Promotable = null, Pending = next };

    /// <summary>It has become primary; the old one must be made a copy of it.</summary>
    public PersistedState Complete() =>
        this with
        {
            Primary = Pending ?? Primary,
            Promotable = null,
            Pending = null,
            Rebuild = Pending is null ? Rebuild : Primary,
        };

    /// <summary>A server leads without a promotion; of the other one nothing is known.</summary>
    public PersistedState Lead(string primary) =>
        this with
        {
            Term = Term + 1,
            Primary = primary,
            Promotable = null,
            Pending = null,
            Rebuild = null,
        };

    /// <summary>
    /// The wanted mode is in force. Basic mode has no second server to promote or to copy; in the others it is promotable now,
    /// unless it was in force as a stronger promise before.
    /// </summary>
    /// <param name="other">The other server; null where there is none.</param>
    public PersistedState TakeWanted(string? other) =>
        Wanted is StorageMode.Basic
            ? this with
            {
                Mode = Wanted,
                Promotable = null,
                Rebuild = null,
            }
            : this with
            {
                Mode = Wanted,
                Promotable = Mode is StorageMode.Synchronous ? Promotable : other,
                Wanted = null,
                WantedSince = null,
            };
}
