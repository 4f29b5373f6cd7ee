using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Shop.Web.Api;
using Shop.Web.Predictions.Joining;
using Shop.Web.Predictions.Laboratory;
using Shop.Web.Redundancy;
using Shop.Web.Site;
using Workshop.ServiceDefaults.Discovery;

namespace Shop.Web.Predictions;

/// <summary>The prediction laboratory: its client, its forms and the data of its plots.</summary>
internal static class PredictionsDefaults
{
    internal const string Consensus = "consensus";

    /// <summary>The client for what takes the consensus its time: the more, the longer its ledger is.</summary>
    internal const string Patient = "consensus-patient";

    /// <summary>The client for its file, which is handed on as it comes.</summary>
    internal const string Files = "consensus-files";

    /// <summary>The client that shows a visitor's token, and has none of its own: a stranger's member is no founder.</summary>
    internal const string Guests = "consensus-guests";

    internal const string Page = "/predictions";

    /// <summary>How a member that is no founder comes by its weight, with the mechanism's usual parameters.</summary>
    internal const string Probation =
        "A newcomer begins on probation: it is asked like everybody, and has no weight. It may be admitted once it has been "
        + "asked 30 gold rows, whose truth the consensus knows. Newcomers are admitted in the order in which they registered: "
        + "in 10 batches one for every 8 members, and at least one.";

    /// <summary>The networks that run side by side.</summary>
    internal static readonly IReadOnlyList<(string Name, string Question)> Networks =
    [
        ("iris", "Which of three irises is this flower?"),
        ("titanic", "Did this passenger survive?"),
        ("housing", "What did this house sell for?"),
    ];

    /// <summary>What a form is filled with at first: a row such as those of the data.</summary>
    private static readonly Dictionary<string, string> Examples = new(StringComparer.Ordinal)
    {
        ["iris"] = "sepalLength=6.0&sepalWidth=2.9&petalLength=4.5&petalWidth=1.5",
        ["titanic"] =
            "passengerClass=2&sex=female&age=30&siblingsSpouses=1&parentsChildren=0&fare=24&embarked=S&title=Mrs"
            + "&cabinKnown=false",
        ["housing"] =
            "neighborhood=Somerset&zoning=Floating_Village_Residential&lotArea=2200&buildingType=Twnhs&houseStyle=Two_Story"
            + "&overallCondition=Average&yearBuilt=1999&yearRemodelled=2000&foundation=PConc&basementExposure=No"
            + "&basementArea=600&centralAir=Y&firstFloorArea=620&secondFloorArea=630&livingArea=1250&fullBaths=2&halfBaths=1"
            + "&bedrooms=2&rooms=4&fireplaces=0&garageType=Detchd&garageFinish=Unf&garageCars=2&garageArea=460",
    };

    /// <summary>Members that the host starts only when somebody lets them, and what they do.</summary>
    internal static readonly IReadOnlyList<(string Name, string What)> Attackers =
    [
        ("liar", "answers with another label than its model says: its quality drops."),
        ("sleeper", "is honest until it has weight, then betrays: its quality drops with the first batch of lies."),
        ("random", "answers by chance: its quality drops."),
        (
            "copycat",
            "repeats what another member says: its originality drops, and so does that of the member it copies."
        ),
        (
            "partial",
            "lies on one row in five, the same rows always: its quality drops, though most of what it says is true."
        ),
        (
            "betrayer",
            "repeats another member until it has weight, then lies: its originality drops first, then its quality."
        ),
    ];

    /// <summary>A page waits less than a second for the consensus to come back, then says that it is gone.</summary>
    private const int ConsensusAttempts = 5;

    private static readonly Uri Address = new($"http://{Consensus}/");

    /// <summary>A ledger is verified at some megabytes a second.</summary>
    private static readonly TimeSpan VerifyTimeout = TimeSpan.FromSeconds(60);

    /// <summary>A newcomer has four seconds to answer its first questions.</summary>
    private static readonly TimeSpan JoinTimeout = TimeSpan.FromSeconds(10);

    internal static void AddPredictions(this WebApplicationBuilder builder)
    {
        builder.AddServiceClient(Consensus).AddRerouting(new() { MaxAttempts = ConsensusAttempts });
        // One attempt for each replica that the host wired: it finds one that is there.
        var replicas = Math.Max(
            1,
            builder.Configuration.GetSection($"services:{Consensus}:http").GetChildren().Count()
        );
        builder.Services.AddOneAttempt(Patient, VerifyTimeout, replicas);
        builder.Services.AddOneAttempt(Guests, JoinTimeout, replicas);
        builder.Services.AddHttpClient(Files, client => client.BaseAddress = Address);
        builder.Services.AddScoped<ConsensusClient>();
        builder.Services.AddSingleton<BatchRuns>();
    }

    /// <summary>A client of the consensus without a token of ours, for what is asked once and takes its time.</summary>
    private static void AddOneAttempt(this IServiceCollection services, string name, TimeSpan timeout, int replicas) =>
        services
            .AddHttpClient(name, client => client.BaseAddress = Address)
            .AddRerouting(
                new()
                {
                    MaxAttempts = replicas,
                    AttemptTimeout = timeout,
                    TotalTimeout = timeout,
                }
            );

    internal static void MapPredictions(this WebApplication app)
    {
        app.MapGet($"{Page}/{{network}}/another", AnotherExample.Draw);
        app.MapGet($"{Page}/ledger/file", LedgerFile.Send);
        var forms = app.MapGroup(Page).RequireOwnForm();
        forms.MapBatches();
        forms.MapPost("/attackers", Attack);
        forms.MapLeaving();
    }

    /// <summary>A row that the network's members can answer, as a query string.</summary>
    internal static string ExampleOf(string network) => Examples.GetValueOrDefault(network, "");

    internal static bool IsNetwork(string network) =>
        Networks.Any(known => string.Equals(known.Name, network, StringComparison.Ordinal));

    private static async Task<RedirectHttpResult> Attack(
        [FromForm] string attacker,
        [FromForm] string command,
        HostClient host,
        Courier courier,
        HttpContext context
    )
    {
        if (
            !Attackers.Any(known => string.Equals(known.Name, attacker, StringComparison.Ordinal))
            || command is not ("start" or "stop")
        )
        {
            return courier.Refuse(Page, new("There is no such attacker.", IsError: true));
        }

        var answer = await host.Command(attacker, command, context.RequestAborted);
        return answer.Problem is { } problem
            ? courier.Refuse(Page, new(problem.Sentence, IsError: true))
            : courier.Send(
                Page,
                command is "start"
                    ? $"{attacker} has started and joins in a moment. Pick a network, run 20 batches and watch its stake."
                    : $"{attacker} is stopped."
            );
    }
}
