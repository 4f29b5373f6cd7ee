using System.Numerics;

namespace Workshop.Ledger.Mechanism;

/// <summary>Members that do not answer.</summary>
public static class Absence
{
    /// <summary>
    /// Whether a member missed a batch: it answered fewer than half of the rows that anybody answered. What nobody answered
    /// says something of whoever asked.
    /// </summary>
    public static bool Missed(int answered, int rows) => 2 * answered < rows;

    /// <summary>The window, moved on by one batch.</summary>
    public static uint Shift(uint misses, bool missed, Parameters parameters)
    {
        var mask = (uint)((1UL << parameters.AbsenceWindowBatches) - 1);
        return ((misses << 1) | (missed ? 1u : 0u)) & mask;
    }

    /// <summary>Whether over half of the window was missed.</summary>
    public static bool IsTooMuch(uint misses, Parameters parameters) =>
        2 * BitOperations.PopCount(misses) > parameters.AbsenceWindowBatches;
}
