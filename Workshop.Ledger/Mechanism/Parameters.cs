namespace Workshop.Ledger.Mechanism;

/// <summary>
/// Every constant of the mechanism. docs/mechanism.md gives for each the reason and what breaks when it moves.
/// A ledger records the parameters that it was written under, so a replay never depends on configuration.
/// </summary>
public sealed record Parameters
{
    /// <summary>What the workshop runs with.</summary>
    public static Parameters Default { get; } = new() { MarksKeepTheirBatch = true };

    /// <summary>Least deposit for one membership, in cents. Lower: identities are cheap, and so are Sybils.</summary>
    public long MinimumDepositCents { get; init; } = 1000_00;

    /// <summary>Stake counted at most, as a multiple of the median. Higher: one rich member decides alone.</summary>
    public double StakeCapOverMedian { get; init; } = 5;

    /// <summary>
    /// Gold rows that a newcomer is asked before it has influence; ten usual batches. Fewer: its weight rests on luck.
    /// </summary>
    public int ProbationGoldRows { get; init; } = 30;

    /// <summary>Batches over which admissions are counted.</summary>
    public int AdmissionWindowBatches { get; init; } = 10;

    /// <summary>One admission per so many members and window. Lower: a crowd of Sybils enters at once.</summary>
    public int MembersPerAdmission { get; init; } = 8;

    /// <summary>Accuracy estimate before the first batch.</summary>
    public double EstimateStart { get; init; } = 0.75;

    /// <summary>
    /// Share of the old estimate that stays. Higher: liars keep weight longer. Lower: weights jitter.
    /// </summary>
    public double EstimateMemory { get; init; } = 0.8;

    /// <summary>Highest estimate, and highest claim that is read from an evaluation.</summary>
    public double EstimateMaximum { get; init; } = 0.95;

    /// <summary>
    /// Width of the accepted band around the weighted median, in MADs (about two standard deviations).
    /// </summary>
    public double AgreementMads { get; init; } = 3;

    /// <summary>
    /// Least half-width of the band of agreement, as a share of the median. At 0, two members that say nearly the
    /// same make the MAD vanish and everybody else a dissenter.
    /// </summary>
    public double AgreementFloor { get; init; } = 0.10;

    /// <summary>
    /// Share of a batch's rows that are gold. Lower: a liar is caught later. Higher: it costs more queries.
    /// </summary>
    public double GoldShare { get; init; } = 0.10;

    /// <summary>How far off the truth a value may be, as a share of it, before it counts as a loss.</summary>
    public double ValueTolerance { get; init; } = 0.20;

    /// <summary>What a member may be worse than it declared. Lower: honest members are slashed for bad luck.</summary>
    public double BetTolerance { get; init; } = 0.03;

    /// <summary>
    /// Rows over which members are compared; older ones fade. More: a traitor keeps its weight longer. Fewer: honest weights
    /// jitter.
    /// </summary>
    public int ComparedRows { get; init; } = 320;

    /// <summary>
    /// Excess of squared error over the best at which a member counts half: what 2.5 sure errors in a hundred cost. Lower:
    /// chance decides who counts. Higher: liars keep weight.
    /// </summary>
    public double HalvingExcess { get; init; } = 0.05;

    /// <summary>Gold rows that correct what the majority thinks of a member. More: slower, and less by chance.</summary>
    public int CorrectionRows { get; init; } = 96;

    /// <summary>
    /// Gold rows that the majority's word is worth. Fewer: the first gold rows decide by chance. More: a lying majority is
    /// believed longer.
    /// </summary>
    public int CorrectionPriorRows { get; init; } = 20;

    /// <summary>Gold rows that the book keeps: as far back as bets look. Fewer: small lies are never proved.</summary>
    public int GoldBookRows { get; init; } = 384;

    /// <summary>
    /// Whether an answer stays of the batch in which it was given when its row is asked again and the member is silent. Without,
    /// who was slashed and then went away is slashed again for the same answers. Ledgers from before have no word of it.
    /// </summary>
    public bool MarksKeepTheirBatch { get; init; }

    /// <summary>
    /// Least probability that an answer counts with in the pool; 0 pools by the mean instead. Lower: one sure member rules a
    /// class out. Higher: the pool is never sure.
    /// </summary>
    public double PoolFloor { get; init; } = 0.001;

    /// <summary>
    /// Quality from which a member's word counts in full when the majority is sought. Higher: good members judge the others.
    /// Lower: proved liars still do.
    /// </summary>
    public double WitnessQuality { get; init; } = 0.1;

    /// <summary>
    /// Capital that a bet starts with and never falls below, so that long honesty buys no right to betray.
    /// </summary>
    public double BetFloor { get; init; } = 0.05;

    /// <summary>
    /// Capital at which the bet against a member is won. Lower: more false slashes (Ville: floor / threshold per row).
    /// </summary>
    public double BetThreshold { get; init; } = 10_000;

    /// <summary>Share of the stake that the first slash takes; doubles with every level.</summary>
    public double SlashShare { get; init; } = 0.05;

    /// <summary>
    /// Weight of correlation: slashed together, slashed harder. At 0, a conspiracy costs what a mistake costs.
    /// </summary>
    public double CorrelationFactor { get; init; } = 3;

    /// <summary>Batches within which slashes count as one event.</summary>
    public int CorrelationWindowBatches { get; init; } = 20;

    /// <summary>Gold rows that the network asks while a jail lasts; ten usual batches.</summary>
    public int JailGoldRows { get; init; } = 30;

    /// <summary>Batches over which absence is counted; at most 32.</summary>
    public int AbsenceWindowBatches { get; init; } = 20;

    /// <summary>Share of the stake that absence costs.</summary>
    public double AbsenceShare { get; init; } = 0.001;

    /// <summary>
    /// How far two answers to one row may differ: per probability, or as a share of the value. Above 0 only because
    /// a member elsewhere may add numbers in another order.
    /// </summary>
    public double EquivocationTolerance { get; init; } = 0.001;

    /// <summary>What a batch pays, in cents, while the treasury lasts.</summary>
    public long PotCents { get; init; } = 1_00;

    /// <summary>Share of the old gold accuracy that stays with every gold row.</summary>
    public double GoldMemory { get; init; } = 0.9;

    /// <summary>
    /// Share of values within tolerance that a constant answer gets; what gold accuracy must beat to be paid.
    /// </summary>
    public double ValueChance { get; init; } = 0.4;

    /// <summary>A membership with less stake than this, in cents, is ejected.</summary>
    public long EjectionCents { get; init; } = 500_00;

    /// <summary>
    /// Gold rows, of whatever network, that an exiting member is asked before it is paid out: 64 usual batches, twice what a
    /// liar needs to lose its first bet. Rows, not batches, which anybody may run. Fewer: hit and run.
    /// </summary>
    public int ExitGoldRows { get; init; } = 192;

    /// <summary>Batches back that truths may be told of. Fewer: less can turn out to be gold.</summary>
    public int TruthBatches { get; init; } = 64;

    /// <summary>Rows back, in all those batches: a bound on what is kept of answers.</summary>
    public int TruthRows { get; init; } = 4096;

    /// <summary>Most members with a stake at risk: a bound on every loop over members.</summary>
    public int MaximumMembers { get; init; } = 256;
}
