using System.Globalization;

namespace Shop.Web.Redundancy.Replicas;

/// <summary>A fault of a leader that was made here, and who led next.</summary>
/// <param name="From">The leader.</param>
/// <param name="Command">The host's command that took it away.</param>
/// <param name="At">When it was given.</param>
/// <param name="To">Who leads now; null while none does.</param>
/// <param name="Took">From the command until another was seen to lead, or until nobody looked any more; null before.</param>
public sealed record LeaderChange(
    string From,
    string Command,
    DateTimeOffset At,
    string? To = null,
    TimeSpan? Took = null
)
{
    /// <summary>In sentences, without a claim that was not seen.</summary>
    public string Words =>
        string.Create(CultureInfo.InvariantCulture, $"{At.UtcDateTime:HH:mm:ss} UTC: {Fault.Done(Command, From)} ")
        + this switch
        {
            { To: { } next, Took: { } took } => string.Create(
                CultureInfo.InvariantCulture,
                $"{took.TotalSeconds:0.0} s after the button {next} led, as seen from here."
            ),
            { Took: { } took } => string.Create(
                CultureInfo.InvariantCulture,
                $"No other was seen to lead in the {took.TotalSeconds:0} s after that."
            ),
            _ => "No other leads yet.",
        };
}
