using System.Collections.Immutable;
using Workshop.Ledger.Networks;

namespace Consensus.Clients;

/// <summary>Asks one member about one network, by the protocol that it speaks. Never throws for what the member does.</summary>
internal interface IPredictorClient
{
    /// <summary>Asks one row.</summary>
    /// <param name="row">Written once, so that many members can share it.</param>
    /// <param name="deadline">Ends when the answer is late, waiting included.</param>
    Task<Reply> Ask(RowQuestion row, CancellationToken deadline);

    /// <summary>Asks many rows; each request has the members' deadline.</summary>
    /// <param name="lines">The rows.</param>
    /// <param name="ct">Gives up before the deadline.</param>
    /// <returns>One reply per row.</returns>
    Task<IReadOnlyList<Reply>> AskAll(IReadOnlyList<string> lines, CancellationToken ct);

    /// <summary>Asks a row once in each way in which this client asks; nobody scores the answers.</summary>
    /// <param name="row">The row.</param>
    /// <param name="limit">Ends it; the members' deadline does not.</param>
    Task WarmUp(RowQuestion row, CancellationToken limit);
}

/// <summary>A row as it is asked by <c>GET</c>.</summary>
/// <param name="Line">The row.</param>
/// <param name="Path">Path and query.</param>
internal sealed record RowQuestion(string Line, string Path)
{
    internal static RowQuestion Of(Schema schema, string line) =>
        new(line, $"/{schema.Network.Name}/predict?{schema.ToQuery(line)}");
}

/// <summary>A member's answer to one row.</summary>
/// <param name="Answer">Empty for a miss.</param>
/// <param name="Miss">Why there is none: <c>late</c>, <c>unreachable</c>, or what is wrong with the answer.</param>
internal sealed record Reply(ImmutableArray<long> Answer, string? Miss)
{
    /// <summary>Why a member that took too long is absent.</summary>
    internal const string Late = "late";

    /// <summary>
    /// This process itself was late: it looked for the answer only long after the deadline, and cannot know whether one had
    /// come.
    /// </summary>
    internal bool IsOurLateness { get; init; }

    /// <summary>The row was never sent: there was no time left to ask it. Nobody's absence.</summary>
    internal bool WasNotAsked { get; init; }

    /// <summary>What stands for the answer to a row that was never sent.</summary>
    internal static Reply Unasked { get; } =
        Missed("not asked: the time for the batch was over") with
        {
            WasNotAsked = true,
        };

    internal static Reply Missed(string why) => new([], why);
}
