namespace Shop.Api.Storage.Pair;

/// <summary>
/// The storage mode as the conductor publishes it. Before the first word, and where nobody publishes, it is the host's.
/// </summary>
/// <param name="options">The host's word.</param>
/// <param name="pair">Hears the conductor; null where one server is wired, whose mode is basic for good.</param>
internal sealed class CurrentMode(StorageOptions options, DatabasePair? pair = null)
{
    /// <summary>The mode in force.</summary>
    public StorageMode InForce => pair?.Roles.Mode ?? options.Mode;

    /// <summary>
    /// Whether there is a second server, or may be: also on the way from and to basic mode, and while nobody has said that there
    /// is none.
    /// </summary>
    public bool IsPaired => pair is not null && pair.Roles is not { Mode: StorageMode.Basic, Next: StorageMode.Basic };
}
