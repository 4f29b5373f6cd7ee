namespace Shop.Web.Tour;

/// <summary>One question of the workshop, where its answer is to be seen, and which code gives it.</summary>
/// <param name="Id">In addresses.</param>
/// <param name="Title">The question's short name.</param>
/// <param name="Text">The answer in a few sentences.</param>
/// <param name="ShowAddress">The page that shows it.</param>
/// <param name="ShowLabel">What to do there.</param>
/// <param name="Code">The folder that does it.</param>
/// <param name="Command">A command that shows it from a terminal; null for none.</param>
public sealed record Lesson(
    string Id,
    string Title,
    string Text,
    string ShowAddress,
    string ShowLabel,
    string Code,
    string? Command = null
)
{
    /// <summary>Workshop A: predictions that many answer for.</summary>
    public static readonly IReadOnlyList<Lesson> Predictions =
    [
        new(
            "models",
            "Several models for one question",
            "Six learners (linear, boosted trees, LightGBM, random forest, nearest neighbours, naive Bayes) train on the same data and give different answers to the same flower. Each runs as a service of its own and answers in one format.",
            "/predictions/iris",
            "Ask all members about a flower",
            "Predictors/Models",
            "curl 'localhost:4001/predict?sepalLength=5.1&sepalWidth=3.5&petalLength=1.4&petalWidth=0.2'"
        ),
        new(
            "averaging",
            "Averaging them",
            "The consensus asks all of them at once and takes the mean of their probabilities. Errors that differ cancel out, and a member that is late or down is simply not in the mean: the answer goes on.",
            "/predictions/titanic",
            "See each answer beside the consensus",
            "Consensus/Predict",
            "curl 'localhost:4000/titanic/predict?passengerClass=1&sex=female&age='"
        ),
        new(
            "weights",
            "Weights that follow accuracy",
            "A mean treats the careless like the careful. So every batch is scored: who agrees with the others, and who is right on rows whose truth is known, gains weight; who is worse than chance has none.",
            "/predictions/housing",
            "Run batches and watch the weights",
            "Consensus/Mechanism"
        ),
        new(
            "staking",
            "Stakes, and what cheating costs",
            "Each member puts down a deposit and claims an accuracy. Being wrong far more often than claimed is a bet that is lost: the stake is slashed. Every step is a block in a ledger whose hashes show any change.",
            "/predictions#attackers",
            "Start the liar, run batches, see it lose",
            "Consensus/Ledger",
            "curl localhost:4000/ledger/verify"
        ),
    ];

    /// <summary>Workshop B: a shop that cannot be stopped.</summary>
    public static readonly IReadOnlyList<Lesson> Shop =
    [
        new(
            "hello",
            "A server that says hello",
            "One process, one port, one answer. It says who it is, and that is the first thing a client needs once there are two of them.",
            "/",
            "Read at the foot of any page who answered",
            "Shop.Api/Greeting",
            "curl localhost:3001/"
        ),
        new(
            "registry",
            "A registry that knows who is alive",
            "Servers hold a short lease and are probed all the time. The registry plays the part of DNS: it hands out a live server in turn, and tells clients of a change at once.",
            "/redundancy#picture-title",
            "See who is registered",
            "Registry/Leases",
            "curl localhost:3000/getServer"
        ),
        new(
            "api",
            "An API that may be asked twice",
            "Networks lose answers, so clients repeat requests. With an idempotency key the repeat gives the first outcome again, from any server, also after a failover: one key, one order.",
            "/checkout",
            "Find the key on the checkout page",
            "Shop.Api/Idempotency"
        ),
        new(
            "front",
            "A front end that loses nothing",
            "Pages are drawn by the server and every action is a plain form, so a killed web server loses no cart and no half-filled page. It works without JavaScript, too.",
            "/products",
            "Switch JavaScript off and buy something",
            "Shop.Web/Storefront"
        ),
        new(
            "api-failure",
            "When an API server dies",
            "The client notices the refused connection, asks another server, and the buyer sees a page as ever. Only a wait of more than two seconds gets a word.",
            "/redundancy#picture-title",
            "Kill shop-api-1, then go on shopping",
            "Workshop.ServiceDefaults/Discovery",
            "curl -X POST localhost:18880/resources/shop-api-1/kill"
        ),
        new(
            "database-failure",
            "When the database dies",
            "The conductor sees it, makes sure that the old primary is dead, promotes the standby and tells the servers. The time it takes is split into its parts and shown.",
            "/redundancy#failover",
            "Kill the primary, then read the split",
            "Registry/Conductor",
            "curl -X POST localhost:18880/resources/postgres-1/kill"
        ),
        new(
            "mirroring",
            "Synchronous mirroring",
            "A write is acknowledged when both servers have it on disk. Nothing that was acknowledged can be lost with one of them; each write waits for the slower one.",
            "/redundancy#buyers",
            "Send buyers, kill the primary, read the verdict",
            "Shop.Api/Storage/SynchronousMirroring",
            "dotnet run --project Workshop.AppHost -- --storage synchronous"
        ),
        new(
            "replication",
            "Asynchronous replication",
            "A write is acknowledged at once and shipped a moment later. It is faster, and what was on its way when the primary died is gone: the lag is the price, and it is measured.",
            "/redundancy#modes",
            "Compare what was measured in each mode",
            "Shop.Api/Storage/AsynchronousReplication",
            "dotnet run --project Workshop.AppHost -- --storage asynchronous"
        ),
    ];
}
