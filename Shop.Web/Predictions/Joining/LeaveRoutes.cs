using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Shop.Web.Site;
using Shop.Web.Visitors;

namespace Shop.Web.Predictions.Joining;

/// <summary>A member leaves, by the token that it was given when it joined.</summary>
internal static class LeaveRoutes
{
    internal static void MapLeaving(this IEndpointRouteBuilder forms) =>
        forms.MapPost("/members/{name}/leave", Leave).OpenToVisitors();

    /// <summary>The storefront's own token would let anybody send anybody away: only the visitor's is shown.</summary>
    private static async Task<RedirectHttpResult> Leave(
        string name,
        [FromForm] string? token,
        ConsensusClient consensus,
        Courier courier,
        HttpContext context
    )
    {
        var page = $"{PredictionsDefaults.Page}/members/{Uri.EscapeDataString(name)}";
        if (!JoinForm.IsToken(token))
        {
            return courier.Refuse(page, new("Paste the member's own token.", IsError: true));
        }

        var answer = await consensus.Leave(name, token!.Trim(), context.RequestAborted);
        return answer.Problem switch
        {
            null => courier.Send(page, "It leaves, and is paid out once it was asked the rows that it still owes."),
            { Status: StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden } => courier.Refuse(
                page,
                new("This is not the token of this member.", IsError: true)
            ),
            var problem => courier.Refuse(page, new(problem.Sentence, IsError: true)),
        };
    }
}
