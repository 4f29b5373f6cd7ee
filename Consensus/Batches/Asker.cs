using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using Consensus.Members;
using Microsoft.Extensions.Options;
using Workshop.Ledger.Mechanism;
using Workshop.Ledger.Networks;
using Workshop.ServiceDefaults.Loops;

namespace Consensus.Batches;

/// <summary>Why and when a member last gave no answer, since this process began.</summary>
/// <param name="At">When.</param>
/// <param name="Reason">For example <c>late</c>, or what is wrong with the answer.</param>
internal sealed record LastMiss(DateTimeOffset At, string Reason);

/// <summary>Puts rows to members, and remembers who has fallen silent.</summary>
internal sealed class Asker(
    MemberGateway gateway,
    IOptions<ConsensusOptions> options,
    Background background,
    TimeProvider time
)
{
    private readonly ConcurrentDictionary<string, int> missesInARow = new(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<(string Member, string Network), MemberLine> lines = [];

    private readonly ConcurrentDictionary<string, LastMiss> lastMisses = new(StringComparer.Ordinal);

    /// <summary>Why a member last gave no answer; null while it always gave one.</summary>
    internal LastMiss? LastMissOf(string member) => lastMisses.GetValueOrDefault(member);

    /// <summary>The members of a network that are asked: all with stake at risk.</summary>
    internal static ImmutableArray<Member> MembersOf(State state, string network) =>
        [
            .. state.Members.Values.Where(member =>
                member.Memberships.TryGetValue(network, out var membership) && membership.AtRisk
            ),
        ];

    /// <summary>Whether an answer is worth waiting for: not after several misses in a row.</summary>
    internal bool IsWaitedFor(string member) =>
        missesInARow.GetValueOrDefault(member) < options.Value.MissesBeforeNotWaitedFor;

    /// <summary>Asks all members one row, now and then twice.</summary>
    internal Question Ask(Schema schema, ImmutableArray<Member> members, string line, long? truth)
    {
        // Which rows are asked twice, like which are gold, must not be foreseen by a member.
        var twice = RandomNumberGenerator.GetInt32(options.Value.RowsPerSecondQuestion) == 0;
        return new(line, truth, AskAll(schema, members, line), twice ? AskAll(schema, members, line) : None);
    }

    /// <summary>A held-out row, drawn by chance.</summary>
    internal static HeldOutRow DrawHeldOut(Schema schema) =>
        schema.HeldOut[RandomNumberGenerator.GetInt32(schema.HeldOut.Length)];

    /// <summary>Notes whether a member answered.</summary>
    internal Reply Watch(string member, Reply reply)
    {
        if (reply.IsOurLateness)
        {
            return reply;
        }

        if (reply.Answer.IsEmpty)
        {
            missesInARow.AddOrUpdate(member, 1, (_, before) => before + 1);
            lastMisses[member] = new(time.GetUtcNow(), reply.Miss ?? MemberGateway.Late);
        }
        else if (missesInARow.ContainsKey(member))
        {
            missesInARow.TryRemove(member, out _);
        }

        return reply;
    }

    private static Dictionary<string, Task<Reply>> None { get; } = [];

    /// <summary>
    /// Question and deadline are made once for all. Not cancelled with the caller: a row that was asked is scored,
    /// whoever still waits for it.
    /// </summary>
    private Dictionary<string, Task<Reply>> AskAll(Schema schema, ImmutableArray<Member> members, string line)
    {
        var question = MemberGateway.QuestionOf(schema, line);
        var deadline = gateway.StartDeadline(CancellationToken.None);
        var replies = new Dictionary<string, Task<Reply>>(members.Length, StringComparer.Ordinal);
        foreach (var member in members)
        {
            replies[member.Name] = AskOne(member, schema, line, question, deadline.Token);
        }

        background.Once("the end of a question", () => EndDeadline(deadline, replies.Values));
        return replies;
    }

    private async Task<Reply> AskOne(
        Member member,
        Schema schema,
        string line,
        string question,
        CancellationToken deadline
    ) =>
        Watch(
            member.Name,
            string.Equals(member.Protocol, Registration.V2, StringComparison.Ordinal)
                ? await LineTo(member, schema).Ask(member, line, question, deadline)
                : await gateway.Ask(member, schema.Network, question, deadline)
        );

    private MemberLine LineTo(Member member, Schema schema) =>
        lines.GetOrAdd(
            (member.Name, schema.Network.Name),
            _ => new(gateway, schema, options.Value.SecondQuestionAfter, background, time)
        );

    private static async Task EndDeadline(CancellationTokenSource deadline, IEnumerable<Task<Reply>> replies)
    {
        try
        {
            await Task.WhenAll(replies);
        }
        finally
        {
            deadline.Dispose();
        }
    }
}
