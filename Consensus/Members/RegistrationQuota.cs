namespace Consensus.Members;

/// <summary>At most so many members are admitted a minute: a crowd of names is seen before all of it is in.</summary>
internal sealed class RegistrationQuota(TimeProvider time)
{
    private const int Admitted = 8;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();

    /// <summary>When each admission within the window began, oldest first; at most as many as are admitted.</summary>
    private readonly Queue<long> admissions = new(Admitted);

    /// <summary>Takes a place.</summary>
    /// <returns>Null, or how long to wait for one.</returns>
    internal TimeSpan? Take()
    {
        lock (gate)
        {
            while (admissions.TryPeek(out var oldest) && time.GetElapsedTime(oldest) >= Window)
            {
                admissions.Dequeue();
            }

            if (admissions.Count >= Admitted)
            {
                return Window - time.GetElapsedTime(admissions.Peek());
            }

            admissions.Enqueue(time.GetTimestamp());
            return null;
        }
    }

    /// <summary>Gives a place back: what was refused admitted nobody.</summary>
    internal void GiveBack()
    {
        lock (gate)
        {
            admissions.TryDequeue(out _);
        }
    }
}
