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

        var client = Make(member.Url, member.Protocol, schema);
        known[key] = new(member.Url, member.Protocol, client);
        return client;
    }

    private IPredictorClient Make(string url, string protocol, Schema schema) =>
        protocol switch
        {
            Registration.V2 => new RequestCoalescer(
                new InferenceV2Client(url, schema, transport),
                transport,
                options.Value.SecondQuestionAfter,
                background,
                time
            ),
            _ => new PredictClient(url, schema, transport, options.Value.RequestsInFlightPerMember),
        };

    private sealed record Known(string Url, string Protocol, IPredictorClient Client)
    {
        internal bool IsOf(Member member) =>
            string.Equals(Url, member.Url, StringComparison.Ordinal)
            && string.Equals(Protocol, member.Protocol, StringComparison.Ordinal);
    }
}
