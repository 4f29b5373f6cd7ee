namespace Workshop.Ledger.Mechanism;

/// <summary>Turns a batch's answers into what each member did.</summary>
internal static class Scoring
{
    /// <summary>Scores every member that was asked.</summary>
    internal static void Score(
        Network network,
        BatchEntry batch,
        Sheet sheet,
        IReadOnlyList<Draft> drafts,
        Parameters parameters
    )
    {
        var answeredRows = sheet.AnsweredRows();
        for (var member = 0; member < drafts.Count; member++)
        {
            if (sheet.Asked[member] is { } own)
            {
                drafts[member].Score = Of(network, batch, sheet, member, own, answeredRows, parameters);
            }
        }
    }

    private static Score Of(
        Network network,
        BatchEntry batch,
        Sheet sheet,
        int member,
        MemberAnswers own,
        int answeredRows,
        Parameters parameters
    )
    {
        var answered = own.Rows.Count(answer => !answer.IsEmpty);
        var losses = new List<bool>(batch.Gold.Length);
        foreach (var gold in batch.Gold)
        {
            if (own.Rows[gold.Row] is { IsEmpty: false } answer)
            {
                losses.Add(Gold.IsLoss(network, answer, gold.Truth, parameters));
            }
        }

        return new(
            answered,
            Absence.Missed(answered, answeredRows),
            Agreement.Of(network, sheet, member, parameters),
            losses,
            own.Again.Any(second =>
                !own.Rows[second.Row].IsEmpty
                && Equivocation.Is(network, own.Rows[second.Row], second.Answer, parameters)
            )
        );
    }
}
