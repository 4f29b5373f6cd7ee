using System.ComponentModel.DataAnnotations;
using System.Net;
using Workshop.Ledger.Mechanism;

namespace Consensus;

/// <summary>What can be set from outside, in the section <c>Consensus</c>.</summary>
public sealed record ConsensusOptions : IValidatableObject
{
    /// <summary>How long a member may take; later is absent.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:30")]
    public TimeSpan MemberDeadline { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Rows of single queries that make a batch.</summary>
    [Range(1, 1000)]
    public int GatherRows { get; init; } = 32;

    /// <summary>How long single queries are gathered at most.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan GatherTime { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Batches of single queries that may begin within a second, of each network. Queries beyond are answered, and not
    /// scored: nobody fills the ledger by asking.
    /// </summary>
    [Range(1, 1000)]
    public int GatheredBatchesPerSecond { get; init; } = 4;

    /// <summary>
    /// Whether members at loopback addresses may register. They hold a token, so they are insiders.
    /// </summary>
    public bool AllowLoopback { get; init; } = true;

    /// <summary>
    /// Private networks in which members may live, for example <c>192.168.0.0/16</c>; none where only this machine and public
    /// addresses may.
    /// </summary>
    public IReadOnlyList<string> MemberNetworks { get; init; } = [];

    /// <summary>Requests in flight to one member while a batch runs.</summary>
    [Range(1, 64)]
    public int RequestsInFlightPerMember { get; init; } = 4;

    /// <summary>
    /// How long a question to a member that takes batches may be under way before a second one, with all that came
    /// meanwhile, goes beside it.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:30")]
    public TimeSpan SecondQuestionAfter { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>One row in so many is asked twice.</summary>
    [Range(1, 10_000)]
    public int RowsPerSecondQuestion { get; init; } = 16;

    /// <summary>
    /// Misses in a row after which a single query no longer waits for a member; it is asked all the same.
    /// </summary>
    [Range(1, 1000)]
    public int MissesBeforeNotWaitedFor { get; init; } = 3;

    /// <summary>Least time between two blocks of witnesses' signatures.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00")]
    public TimeSpan WitnessBlockEvery { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>What the treasury of a new ledger holds, in cents.</summary>
    [Range(1, 1_000_000_000)]
    public long TreasuryCents { get; init; } = 1000_00;

    /// <summary>The mechanism's constants. A change is written into the ledger as a block.</summary>
    public Parameters Mechanism { get; init; } = Parameters.Default;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        MemberNetworks
            .Where(network => !IPNetwork.TryParse(network, out _))
            .Select(network => new ValidationResult(
                $"Consensus:MemberNetworks: '{network}' is no network such as 192.168.0.0/16."
            ))
            .Concat(
                Mechanism.MinimumDepositCents >= Mechanism.EjectionCents
                    ? []
                    :
                    [
                        new ValidationResult(
                            "Consensus:Mechanism: MinimumDepositCents must be at least EjectionCents, or a member would be "
                                + "ejected by joining."
                        ),
                    ]
            );
}
