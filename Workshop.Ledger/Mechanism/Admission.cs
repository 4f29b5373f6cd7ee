namespace Workshop.Ledger.Mechanism;

/// <summary>How many newcomers gain influence, and when.</summary>
public static class Admission
{
    /// <summary>At most max(1, N/8) per window; the founders of a network, where N is 0, enter together.</summary>
    /// <param name="admitted">N: members admitted and still there.</param>
    /// <param name="withinWindow">Admissions in the last batches.</param>
    /// <param name="candidates">Members whose probation is over.</param>
    /// <param name="parameters">Members per admission.</param>
    /// <returns>How many enter now.</returns>
    public static int Count(int admitted, int withinWindow, int candidates, Parameters parameters)
    {
        if (admitted == 0)
        {
            return candidates;
        }

        var limit = Math.Max(1, admitted / parameters.MembersPerAdmission);
        return Math.Clamp(limit - withinWindow, 0, candidates);
    }
}
