using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Shop.Web.Site;

namespace Shop.Web.Redundancy.Modes;

/// <summary>The form that changes the storage mode.</summary>
internal static class ModeRoutes
{
    internal static void MapModes(this WebApplication app) =>
        app.MapGroup(LaboratoryRoutes.Page).RequireOwnForm().MapPost("/mode", Change);

    private static async Task<RedirectHttpResult> Change(
        [FromForm] string? mode,
        RegistryClient registry,
        Courier courier,
        HttpContext context
    )
    {
        if (StorageModeChoice.Find(mode) is not { } chosen)
        {
            return Refuse("There is no such storage mode.");
        }

        var answer = await registry.ChangeMode(chosen.Id, context.RequestAborted);
        return answer.Problem is { } problem
            ? Refuse(problem.Sentence)
            : courier.Send(
                LaboratoryRoutes.Page,
                $"The storage mode changes to {chosen.Id}. Buying goes on meanwhile."
            );

        RedirectHttpResult Refuse(string why) => courier.Refuse(LaboratoryRoutes.Page, new(why, IsError: true));
    }
}
