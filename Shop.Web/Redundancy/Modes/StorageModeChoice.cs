namespace Shop.Web.Redundancy.Modes;

/// <summary>A storage mode that somebody can choose with one button.</summary>
/// <param name="Id">On the wire.</param>
/// <param name="Label">On the button.</param>
/// <param name="What">When an order is confirmed in it.</param>
public sealed record StorageModeChoice(string Id, string Label, string What)
{
    /// <summary>All of them, from the least that is promised.</summary>
    public static readonly IReadOnlyList<StorageModeChoice> All =
    [
        new(
            "basic",
            "Basic",
            "One server. An order is confirmed when it is on its disk; a lost disk comes back as of the last backup."
        ),
        new(
            "asynchronous",
            "Asynchronous",
            "An order is confirmed when the primary has it on disk; the standby is a moment behind."
        ),
        new("synchronous", "Synchronous", "An order is confirmed when primary and standby both have it on disk."),
    ];

    /// <summary>Finds one by its id; null where there is none.</summary>
    /// <param name="id">On the wire.</param>
    public static StorageModeChoice? Find(string? id) =>
        All.FirstOrDefault(choice => string.Equals(choice.Id, id, StringComparison.Ordinal));
}
