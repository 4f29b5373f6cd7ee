using Consensus.Limits;

namespace Consensus.Members;

/// <summary>At most so many members are admitted a minute: a crowd of names is seen before all of it is in.</summary>
internal sealed class RegistrationQuota(TimeProvider time)
{
    private const int Admitted = 8;

    private readonly Rate rate = new(Admitted, TimeSpan.FromMinutes(1), time);

    /// <inheritdoc cref="Rate.Take"/>
    internal TimeSpan? Take() => rate.Take();

    /// <summary>Gives a place back: what was refused admitted nobody.</summary>
    internal void GiveBack() => rate.GiveBack();
}
