using System.Collections.Immutable;
using Consensus.Mechanism;
using Consensus.Networks;

namespace Consensus.Members;

/// <summary>
/// The first questions to a new member, which nobody scores: what they cost once (code that is not compiled yet on either
/// side, connections that are not open yet) would make its first answers late.
/// </summary>
internal sealed class Introduction(MemberGateway gateway, TimeProvider time)
{
    /// <summary>For all of it; a registration does not wait longer.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private const int Rounds = 3;

    /// <summary>Asks each of its networks in each way that it will be asked; its answers have no consequence.</summary>
    internal async Task Meet(RegistrationEntry entry, CancellationToken ct)
    {
        using var timer = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, ct);
        var member = new Member(
            entry.Name,
            entry.Url,
            entry.Protocol,
            ImmutableSortedDictionary<string, Membership>.Empty,
            null,
            0
        );
        await Task.WhenAll(entry.Networks.Select(claim => Meet(member, Schema.Find(claim.Network)!, either.Token)));
    }

    private async Task Meet(Member member, Schema schema, CancellationToken limit)
    {
        string[] lines = [schema.HeldOut[0].Line];
        for (var round = 0; round < Rounds && !limit.IsCancellationRequested; round++)
        {
            var reply = await gateway.Ask(member, schema.Network, MemberGateway.QuestionOf(schema, lines[0]), limit);
            if (reply.Miss is null && string.Equals(member.Protocol, Registration.V2, StringComparison.Ordinal))
            {
                await gateway.AskManyBy(member, schema, lines, limit);
            }
        }
    }
}
