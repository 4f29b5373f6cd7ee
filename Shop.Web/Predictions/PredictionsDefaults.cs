using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Shop.Web.Api;
using Shop.Web.Redundancy;
using Shop.Web.Site;
using Workshop.ServiceDefaults.Discovery;

namespace Shop.Web.Predictions;

/// <summary>A line of a plot.</summary>
/// <param name="Name">The member.</param>
/// <param name="Weights">Its weight after each batch; null before it was there.</param>
/// <param name="Earnings">What it earned less what was taken from it, in euros, added up from the first batch shown.</param>
public sealed record MemberSeries(string Name, IReadOnlyList<double?> Weights, IReadOnlyList<decimal?> Earnings);

/// <summary>What the plots of a network show.</summary>
/// <param name="Batches">Numbers of the batches, oldest first.</param>
/// <param name="Members">A line each.</param>
public sealed record NetworkSeries(IReadOnlyList<long> Batches, IReadOnlyList<MemberSeries> Members)
{
    /// <summary>Turns batches into lines. Pure.</summary>
    /// <param name="batches">Newest first, as the consensus sends them.</param>
    /// <returns>The lines, by name.</returns>
    public static NetworkSeries Of(IReadOnlyList<BatchSummary> batches)
    {
        var ordered = batches.Reverse().ToList();
        var names = ordered
            .SelectMany(batch => batch.Members.Select(member => member.Name))
            .Distinct(StringComparer.Ordinal);
        return new(
            [.. ordered.Select(batch => batch.Number)],
            [.. names.Order(StringComparer.Ordinal).Select(name => Line(name, ordered))]
        );
    }

    private static MemberSeries Line(string name, List<BatchSummary> batches)
    {
        var sum = 0m;
        List<double?> weights = [];
        List<decimal?> earnings = [];
        foreach (var batch in batches)
        {
            var member = batch.Members.FirstOrDefault(one => string.Equals(one.Name, name, StringComparison.Ordinal));
            sum += member is null ? 0 : member.Paid - member.Slashed;
            weights.Add(member?.Weight);
            earnings.Add(member is null ? null : sum);
        }

        return new(name, weights, earnings);
    }
}

/// <summary>The prediction laboratory: its client, its forms and the data of its plots.</summary>
internal static class PredictionsDefaults
{
    internal const string Consensus = "consensus";

    /// <summary>The client for what takes the consensus its time: the more, the longer its ledger is.</summary>
    internal const string Patient = "consensus-patient";

    /// <summary>The client for its file, which is handed on as it comes.</summary>
    internal const string Files = "consensus-files";

    internal const string Page = "/predictions";

    /// <summary>The networks that run side by side.</summary>
    internal static readonly IReadOnlyList<(string Name, string Question)> Networks =
    [
        ("iris", "Which of three irises is this flower?"),
        ("titanic", "Did this passenger survive?"),
        ("housing", "What is this house sold for?"),
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

    /// <summary>Rows of a batch run from here.</summary>
    private const int Rows = 32;

    /// <summary>Batches of one press.</summary>
    internal const int MostBatches = 20;

    /// <summary>There is one consensus: a page waits less than a second for it to come back, then says that it is gone.</summary>
    private const int ConsensusAttempts = 5;

    private static readonly Uri Address = new($"http://{Consensus}/");

    /// <summary>A ledger is verified at some megabytes a second.</summary>
    private static readonly TimeSpan VerifyTimeout = TimeSpan.FromSeconds(60);

    internal static void AddPredictions(this WebApplicationBuilder builder)
    {
        builder.AddServiceClient(Consensus).AddRerouting(new() { MaxAttempts = ConsensusAttempts });
        builder
            .Services.AddHttpClient(Patient, client => client.BaseAddress = Address)
            .AddRerouting(
                new()
                {
                    MaxAttempts = 1,
                    AttemptTimeout = VerifyTimeout,
                    TotalTimeout = VerifyTimeout,
                }
            );
        builder.Services.AddHttpClient(Files, client => client.BaseAddress = Address);
        builder.Services.AddScoped<ConsensusClient>();
    }

    internal static void MapPredictions(this WebApplication app)
    {
        app.MapGet($"{Page}/{{network}}/series", Series);
        app.MapGet($"{Page}/ledger/file", LedgerFile.Send);
        var forms = app.MapGroup(Page).RequireOwnForm();
        forms.MapPost("/{network}/batches", RunBatches);
        forms.MapPost("/attackers", Attack);
    }

    /// <summary>A row that the network's members can answer, as a query string.</summary>
    internal static string ExampleOf(string network) => Examples.GetValueOrDefault(network, "");

    internal static bool IsNetwork(string network) =>
        Networks.Any(known => string.Equals(known.Name, network, StringComparison.Ordinal));

    private static async Task<Results<Ok<NetworkSeries>, NotFound>> Series(
        string network,
        ConsensusClient consensus,
        CancellationToken ct
    ) =>
        IsNetwork(network)
            ? TypedResults.Ok(NetworkSeries.Of((await consensus.Batches(network, ct)).Value?.Batches ?? []))
            : TypedResults.NotFound();

    private static async Task<RedirectHttpResult> RunBatches(
        string network,
        [FromForm] string? count,
        ConsensusClient consensus,
        Courier courier,
        HttpContext context
    )
    {
        var page = $"{Page}/{Uri.EscapeDataString(network)}";
        if (!IsNetwork(network) || WholeNumber.Read(count, 1, MostBatches) is not { } wanted)
        {
            return courier.Refuse(page, new($"Run 1 to {MostBatches} batches at once.", IsError: true));
        }

        for (var n = 0; n < wanted; n++)
        {
            if ((await consensus.RunBatch(network, Rows, context.RequestAborted)).Problem is { } problem)
            {
                return courier.Refuse(page, new($"{n} batches were run. {problem.Sentence}", IsError: true));
            }
        }

        return courier.Send(page, wanted == 1 ? "The batch is run." : $"{wanted} batches are run.");
    }

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
                    ? $"{attacker} is started and joins in a moment. Run batches and watch its weight."
                    : $"{attacker} is stopped."
            );
    }
}
