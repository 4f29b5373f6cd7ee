using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Shop.Web.Site;

namespace Shop.Web.Redundancy.Replicas;

/// <summary>The replicas' part of the laboratory.</summary>
internal static class ReplicaRoutes
{
    internal static void AddReplicas(this WebApplicationBuilder builder)
    {
        // A replica has an address, not a name; and one that is gone is what is looked for, and not asked again.
        builder
            .Services.AddHttpClient(ReplicaGroups.Client)
            .ConfigureAdditionalHttpMessageHandlers((handlers, _) => handlers.Clear());
        builder.Services.AddSingleton<ReplicaGroups>();
        builder.Services.AddSingleton<LeaderChanges>();
    }

    internal static void MapReplicas(this WebApplication app) =>
        app.MapGroup(LaboratoryRoutes.Page).RequireOwnForm().MapPost("/leaders", KillLeader);

    /// <summary>Kills whichever leads now: the page may have been made a while ago.</summary>
    private static async Task<RedirectHttpResult> KillLeader(
        [FromForm] string service,
        SituationWatch watch,
        LeaderChanges changes,
        HostClient host,
        Courier courier,
        HttpContext context
    )
    {
        const string Command = "kill";
        var now = await watch.Current();
        var group = now.Groups.FirstOrDefault(known => string.Equals(known.Service, service, StringComparison.Ordinal));
        if (group?.Leader is not { } leader)
        {
            var why = group is null
                ? "There are no such replicas here."
                : "No replica leads just now. Try again in a moment.";
            return courier.Refuse(LaboratoryRoutes.Page, new(why, IsError: true));
        }

        var answer = await changes.Command(now, host, leader.Name, Command, context.RequestAborted);
        return answer.Problem is { } problem
            ? courier.Refuse(LaboratoryRoutes.Page, new(problem.Sentence, IsError: true))
            : courier.Send(LaboratoryRoutes.Page, Fault.Done(Command, leader.Name));
    }
}
