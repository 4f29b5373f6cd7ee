using System.Collections.Concurrent;
using Consensus.Members;
using Microsoft.Extensions.Options;
using Workshop.Ledger.Mechanism;
using Workshop.Ledger.Networks;
using Workshop.ServiceDefaults.Loops;

namespace Consensus.Clients;

/// <summary>The one place that looks at a member's protocol.</summary>
internal sealed class PredictorClients(
    PredictorTransport transport,
    IOptions<ConsensusOptions> options,
    Background background,
    TimeProvider time
)
{
    private readonly ConcurrentDictionary<(string Member, string Network), Known> known = [];

    /// <summary>The client of a member; the same one until the member moves.</summary>
    internal IPredictorClient For(Member member, Schema schema)
    {
        var key = (member.Name, schema.Network.Name);
        if (known.TryGetValue(key, out var found) && found.IsOf(member))
        {
            return found.Client;
        }

        var client = ForNewcomer(member, schema);
        known[key] = new(member.Url, member.Protocol, client);
        return client;
    }

    /// <summary>A client that is not kept: of one that may never become a member.</summary>
    internal IPredictorClient ForNewcomer(Member member, Schema schema) =>
        member.Protocol switch
        {
            Registration.V2 => new RequestCoalescer(
                new InferenceV2Client(member.Url, schema, transport),
                transport,
                options.Value.SecondQuestionAfter,
                background,
                time
            ),
            _ => new PredictClient(member.Url, schema, transport, options.Value.RequestsInFlightPerMember),
        };

    private sealed record Known(string Url, string Protocol, IPredictorClient Client)
    {
        internal bool IsOf(Member member) =>
            string.Equals(Url, member.Url, StringComparison.Ordinal)
            && string.Equals(Protocol, member.Protocol, StringComparison.Ordinal);
    }
}
