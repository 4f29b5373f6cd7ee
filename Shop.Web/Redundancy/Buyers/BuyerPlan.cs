using Shop.Web.Site;

namespace Shop.Web.Redundancy.Buyers;

/// <summary>How many buyers come, for how long, and what goes wrong meanwhile.</summary>
/// <param name="RatePerSecond">Orders begun per second.</param>
/// <param name="Seconds">For how long.</param>
/// <param name="Fault">What is broken.</param>
/// <param name="FaultAfterSeconds">When.</param>
public sealed record BuyerPlan(int RatePerSecond, int Seconds, PlannedFault Fault, int FaultAfterSeconds)
{
    /// <summary>More than this would measure this machine, not the shop.</summary>
    public const int MaxRate = 50;

    /// <summary>Longest run.</summary>
    public const int MaxSeconds = 120;

    /// <summary>Orders of the whole plan.</summary>
    public int Orders => RatePerSecond * Seconds;

    /// <summary>Reads a form.</summary>
    /// <param name="rate">As entered.</param>
    /// <param name="seconds">As entered.</param>
    /// <param name="fault">An id of <see cref="PlannedFault.All"/>.</param>
    /// <param name="error">What is wrong.</param>
    /// <returns>The plan, or null.</returns>
    public static BuyerPlan? Read(string? rate, string? seconds, string? fault, out string? error)
    {
        var planned = PlannedFault.All.FirstOrDefault(known =>
            string.Equals(known.Id, fault, StringComparison.Ordinal)
        );
        var perSecond = WholeNumber.Read(rate, 1, MaxRate);
        var duration = WholeNumber.Read(seconds, 1, MaxSeconds);
        error =
            perSecond is null ? $"The rate is a whole number from 1 to {MaxRate}."
            : duration is null ? $"The duration is a whole number from 1 to {MaxSeconds}."
            : planned is null ? "Choose one of the faults."
            : null;
        return error is null ? new(perSecond!.Value, duration!.Value, planned!, duration.Value / 3) : null;
    }
}
