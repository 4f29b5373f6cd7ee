using System.Collections.Immutable;
using System.Security.Cryptography;
using Consensus.Clients;
using Microsoft.Extensions.Options;
using Workshop.Ledger.Mechanism;
using Workshop.Ledger.Networks;
using Workshop.ServiceDefaults.Loops;

namespace Consensus.Batches;

/// <summary>Asks all members of a network one row at once.</summary>
internal sealed class FanOut(
    PredictorClients clients,
    PredictorTransport transport,
    MissTracker misses,
    IOptions<ConsensusOptions> options,
    Background background
)
{
    /// <summary>The members of a network that are asked: all with stake at risk.</summary>
    internal static ImmutableArray<Member> MembersOf(State state, string network) =>
        [
            .. state.Members.Values.Where(member =>
                member.Memberships.TryGetValue(network, out var membership) && membership.AtRisk
            ),
        ];

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

    private static Dictionary<string, Task<Reply>> None { get; } = [];

    /// <summary>
    /// Question and deadline are made once for all. Not cancelled with the caller: a row that was asked is scored,
    /// whoever still waits for it.
    /// </summary>
    private Dictionary<string, Task<Reply>> AskAll(Schema schema, ImmutableArray<Member> members, string line)
    {
        var row = RowQuestion.Of(schema, line);
        var deadline = transport.StartDeadline(CancellationToken.None);
        var replies = new Dictionary<string, Task<Reply>>(members.Length, StringComparer.Ordinal);
        foreach (var member in members)
        {
            replies[member.Name] = AskOne(member, clients.For(member, schema), row, deadline.Token);
        }

        background.Once("the end of a question", () => EndDeadline(deadline, replies.Values));
        return replies;
    }

    private async Task<Reply> AskOne(
        Member member,
        IPredictorClient client,
        RowQuestion row,
        CancellationToken deadline
    )
    {
        var reply = await client.Ask(row, deadline);
        misses.Note(member.Name, [reply]);
        return reply;
    }

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
