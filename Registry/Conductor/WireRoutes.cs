using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Workshop.ServiceDefaults.Errors;
using Workshop.ServiceDefaults.Tokens;

namespace Registry.Conductor;

/// <summary>Experiments with the wires of the pair: a proxy is put into one, behaves, and is taken out.</summary>
internal static class WireRoutes
{
    /// <summary>Maps <c>/wires</c> under the conductor.</summary>
    /// <param name="conductor">What anybody may ask.</param>
    /// <param name="commands">What the operator may command, where the workshop's own conductor decides.</param>
    public static void MapWires(this RouteGroupBuilder conductor, RouteGroupBuilder commands)
    {
        conductor
            .MapGet("/wires", Show)
            .WithSummary("The wires in which a proxy stands for an experiment")
            .ProducesProblem(StatusCodes.Status404NotFound);
        commands
            .MapPut("/wires/{name}", Put)
            .WithSummary("Puts a proxy into a wire: it delays, cuts or breaks, or passes everything on")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict);
        conductor
            .MapDelete("/wires/{name}", TakeOut)
            .WithSummary("Takes the proxy out of a wire")
            .ProducesProblem(StatusCodes.Status404NotFound)
            .RequireAuthorization(AccessTokens.OperatorPolicy);
    }

    private static Results<Ok<IEnumerable<WireView>>, ProblemHttpResult> Show(IServiceProvider services) =>
        services.GetService<Wires>() is { } wires ? TypedResults.Ok(wires.Standing) : ConductorRoutes.NoDatabase();

    private static async Task<Results<NoContent, ProblemHttpResult>> Put(
        string name,
        WireRequest request,
        IServiceProvider services,
        CancellationToken ct
    )
    {
        if (Find(name, services, out var problem) is not { } wires)
        {
            return problem!;
        }

        if (request.Milliseconds is < 0 or > Wires.MaxMilliseconds)
        {
            return Problems.Invalid(
                "milliseconds",
                string.Create(CultureInfo.InvariantCulture, $"From 0 to {Wires.MaxMilliseconds}.")
            );
        }

        return await wires.Put(name, request, services.GetRequiredService<PairConductor>().Pair, ct) is { } reason
            ? ConductorRoutes.Conflict(reason)
            : TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> TakeOut(
        string name,
        IServiceProvider services,
        CancellationToken ct
    )
    {
        if (Find(name, services, out var problem) is not { } wires)
        {
            return problem!;
        }

        await wires.TakeOut(name, ct);
        return TypedResults.NoContent();
    }

    /// <summary>The wires, where there are any and one of them has that name.</summary>
    private static Wires? Find(string name, IServiceProvider services, out ProblemHttpResult? problem)
    {
        var wires = services.GetService<Wires>();
        problem =
            wires is null ? ConductorRoutes.NoDatabase()
            : wires.Names.Contains(name, StringComparer.Ordinal) ? null
            : Problems.Of(
                StatusCodes.Status404NotFound,
                $"There is no such wire; there are {string.Join(", ", wires.Names)}."
            );
        return problem is null ? wires : null;
    }
}
