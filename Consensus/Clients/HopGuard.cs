using Workshop.ServiceDefaults.Errors;

namespace Consensus.Clients;

/// <summary>
/// Questions to members carry a header. A question that comes in with it was asked by a consensus: answering it would ask the
/// members again, and so on without end.
/// </summary>
internal static class HopGuard
{
    internal const string Header = "Workshop-Hop";

    internal const string Value = "consensus";

    /// <summary>508 for a question that a consensus asked.</summary>
    internal static TBuilder RefusesHops<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder =>
        builder.AddEndpointFilter(
            async (context, next) =>
                context.HttpContext.Request.Headers.ContainsKey(Header)
                    ? Problems.Of(
                        StatusCodes.Status508LoopDetected,
                        "A consensus asked this question: a consensus is no member of itself."
                    )
                    : await next(context)
        );
}
