namespace LaboratoryBench.Attacks;

/// <summary>What docs/attacks.md says around its tables.</summary>
internal static class AttackWords
{
    internal const string Preface = """
        The pure mechanism runs with its default parameters over real answers: six learners of `Predictors/`,
        each member trained on its own sample of one half of a network's rows and asked the other half. A fifth
        of that half is gold: those rows judge members, and never the consensus. Attackers are founders and
        there from batch 0, which is the worst case. They know every honest answer, and where it helps them the
        truth. Everything is seeded; a second run writes the same file.

        *points lost* is the accuracy of the honest members alone (`housing`: share within 20 % of the truth)
        less that of the consensus on the same rows, mean over the splits. *weight lost* is against the honest
        members' mean, 50 batches after the attack began. *pay together* is what all attackers earn, in pays of
        one honest member. *EUR a point* is what they lose of their stakes, less what they earn, for each point.
        **Bold** is what misses the wanted: one point (griefing 2.4, swing 2.0, majorities 4), 90 % of weight
        for those that lie on and on, no false slash, honest loss under 1 %.

        | attack | what attackers do |
        | --- | --- |
        | LabelFlip, Stale | the next class, or the mirrored price; the answer to the row before |
        | Random, Constant | a sure answer by chance; always the same answer |
        | Collusion, Sybil, Whale | all name one wrong class firmly; one stake under two names, or two under one |
        | Partial, Tenth, Pulse | collude on one row in five, one in ten, one batch in ten |
        | LowClaim | partial, and claims 0.52 |
        | Sleeper, CopyBetray | honest, or copies of the best, for 40 batches; then they lie |
        | GoldGuess | honest on gold rows alone |
        | Copycat, CopyBest, CopyWorst | copies of the last, the best, the worst honest member |
        | CopyNoise, CopyPool | copies of the best with noise; of the honest mean |
        | Grief | all against one honest member: they name its rival where the honest are split |
        | Swing | lie where the honest are split, and know the truth |
        | Absent, Slow, Malformed | no answer; to seven rows in ten; spoilt answers to six in ten |
        """;

    internal const string Limits = """


        ## What the mechanism cannot do, and why

        - **Evenly split rows** (Grief, Swing). Where the honest are at 50:50 any influence decides, and lying there
          costs hardly any squared error. The harm is bounded by the share of such rows. Swing knows every truth
          here: on `titanic` it costs up to 5 points, more than a member could, which does not know the truth.
        - **Copies** keep their stake: a copy is as true as its original. They share one voice and its pay with
          the original, which earns less for being copied: answers that arrive together do not show who was
          first. Together they weigh at most one full seat; an honest member weighs less than a full seat where
          others resemble it, so *pay together* may be above 1.
        - **Few gold rows.** Each counts once. With the fifteen of `iris` no test that spares the honest can
          convict a partial liar or a constant, though they lose their weight.
        - **Known gold** (GoldGuess). A member that is honest on known rows alone keeps its stake until truths
          are told later; its weight goes at once, since the majority judges every row. From half of the backing
          on it would keep that too.
        - **A betrayal costs a batch** (Sleeper, CopyBetray, Pulse): weights follow what was seen.
        - **Absent, slow, malformed** members lose weight, and 0.1 % of stake at each jailing: absence is a
          nuisance, not a lie.
        - **Above half.** Gold overrules a majority of liars, slowly, and only while nobody knows which rows are
          gold.

        """;
}
