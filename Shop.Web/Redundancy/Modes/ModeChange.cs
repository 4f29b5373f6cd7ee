using System.Globalization;

namespace Shop.Web.Redundancy.Modes;

/// <summary>The way to another storage mode, as the conductor shows it.</summary>
/// <param name="Wanted"><c>basic</c>, <c>synchronous</c> or <c>asynchronous</c>.</param>
/// <param name="Step">What is done, or waited for, just now.</param>
/// <param name="Since">When the mode was wanted.</param>
public sealed record ModeChange(string Wanted, string? Step, DateTimeOffset Since)
{
    /// <summary>The way, for a person; redundancy.js says the same.</summary>
    /// <param name="mode">The mode in force.</param>
    public string Words(string mode) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{mode} is in force, {Wanted} is wanted since {Since.UtcDateTime:HH:mm:ss} UTC: {Step}."
        );
}
