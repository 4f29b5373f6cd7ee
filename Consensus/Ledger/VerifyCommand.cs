using System.Globalization;
using Consensus.Members;
using Workshop.Ledger.Blocks;
using Workshop.Ledger.Mechanism;

namespace Consensus.Ledger;

/// <summary><c>dotnet run --project Consensus -- verify ledger.jsonl</c>: replays a ledger without a service.</summary>
internal static class VerifyCommand
{
    internal const string Name = "verify";

    private const int Verifies = 0;

    private const int DoesNotVerify = 1;

    private const int CannotBeRead = 2;

    /// <summary>Verifies a file and prints what follows from it.</summary>
    /// <param name="paths">The ledger, and nothing else.</param>
    /// <param name="output">Gets balances and weights.</param>
    /// <param name="errors">Gets the height and the reason.</param>
    /// <returns>0 when it verifies, 1 when it does not, 2 when there is no such file, or none is named.</returns>
    internal static int Run(IReadOnlyList<string> paths, TextWriter output, TextWriter errors)
    {
        if (paths is not [var path])
        {
            errors.WriteLine($"Name one file: {Name} ledger.jsonl");
            return CannotBeRead;
        }

        var replay = new Replay();
        long signatures = 0;
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var torn = LedgerReader.ReadAll(
                file,
                replay,
                (block, _) => signatures += block.Payload is WitnessesEntry signed ? signed.Witnesses.Length : 0
            );
            if (torn > 0)
            {
                errors.WriteLine(
                    $"The last {torn} bytes are a torn line, which nobody was told of; they are passed over."
                );
            }
        }
        catch (LedgerRefusedException refusal)
        {
            errors.WriteLine(refusal.Message);
            return DoesNotVerify;
        }
        catch (LedgerException failure)
        {
            errors.WriteLine($"{path} does not verify. {failure.Message}");
            return DoesNotVerify;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            errors.WriteLine(failure.Message);
            return CannotBeRead;
        }

        Print(replay, signatures, output);
        return Verifies;
    }

    private static void Print(Replay replay, long signatures, TextWriter output)
    {
        var state = replay.State;
        var sums = Accounts.Of(state);
        Line(output, $"{replay.Count} blocks verify; the head is {replay.Head?.Hash ?? Block.NoHash}");
        Line(
            output,
            $"{signatures} signatures of {state.Members.Values.Count(member => member.Key is not null)} witnesses verify"
        );
        Line(
            output,
            $"deposits {sums.Deposits} = balances {sums.Balances} + treasury {sums.Treasury} + paid out {sums.PaidOut}"
        );
        Row(output, "member", "network", "state", "stake", "earned", "weight", "estimate");
        foreach (var member in state.Members.Values)
        {
            foreach (var part in member.Memberships.Select(pair => MembershipView.Of(pair.Key, pair.Value, state)))
            {
                Row(
                    output,
                    member.Name,
                    part.Network,
                    part.State,
                    Text($"{part.Stake}"),
                    Text($"{part.Earned}"),
                    Text($"{part.Weight:0.0000}"),
                    Text($"{part.AccuracyEstimate:0.0000}")
                );
            }
        }
    }

    private static void Row(
        TextWriter output,
        string member,
        string network,
        string state,
        string stake,
        string earned,
        string weight,
        string estimate
    ) => Line(output, $"{member, -24}{network, -10}{state, -11}{stake, 12}{earned, 12}{weight, 9}{estimate, 10}");

    private static void Line(TextWriter output, FormattableString line) => output.WriteLine(Text(line));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
