namespace Shop.Web.Tour;

/// <summary>Workshop B: a shop that cannot be stopped.</summary>
internal static class ShopQuestions
{
    /// <summary>Runs beside this workshop: ports and data of its own, and nothing is kept.</summary>
    private const string Beside = "--ephemeral --port-offset 500";

    internal static IReadOnlyList<Question> All { get; } =
    [
        new(
            "b-q1",
            "B-Q1",
            "A server that says hello",
            "Write a server that answers hello.",
            "Each shop server says at its root who it is. Once there are two, that is the first thing to know of an answer.",
            new(
                "What tells two servers with the same code apart?",
                ["Their answers differ", "Only what they say of themselves", "Nothing can"],
                1,
                "They share one database, so each gives the other's answers. The foot of every page here says which one it was."
            ),
            Control.None,
            ("/products", "Read at the foot who answered"),
            [new("A shop server is up.", seen => seen.IsUp("shop-api-1") || seen.IsUp("shop-api-2"))],
            ["curl {3001}/", "curl {3002}/"],
            [new("Shop.Api/Greeting", "hello")]
        ),
        new(
            "b-q2",
            "B-Q2",
            "A registry that plays DNS",
            "Write a registry with a route getServer, which answers with the address of a server: { \"code\": 200, \"server\": \"localhost:3001\" }.",
            "Servers hold a lease of five seconds and are probed all the time. The registry hands out live ones in turn, and tells clients of a change at once.",
            new(
                "You ask getServer twice. Do you get the same server?",
                ["Yes", "No, the next one in turn", "It depends on the load"],
                1,
                "Round robin over the live ones."
            ),
            Control.None,
            ("/redundancy#picture-title", "See who is registered"),
            [
                new("The registry is up.", seen => seen.IsUp("registry")),
                new("Both shop servers are registered.", seen => seen.IsUp("shop-api-1") && seen.IsUp("shop-api-2")),
            ],
            ["curl {3000}/getServer", "curl {3000}/services/shop-api"],
            [new("Registry/Leases", "who is there"), new("Registry/Probes", "who is alive")]
        ),
        new(
            "b-q3",
            "B-Q3",
            "A database",
            "Keep products, orders and carts in a database.",
            "PostgreSQL: a primary, and a standby that follows it. Rules of columns are the database's own, so that no server can write what makes no sense.",
            new(
                "Two buyers order the last piece at the same moment. What happens?",
                ["Both get it", "One gets it, the other is told", "Neither gets it"],
                1,
                "The stock is taken in the order's transaction, under a lock of the row."
            ),
            Control.None,
            ("/redundancy#picture-title", "See the pair"),
            [
                new(
                    "A primary is up.",
                    seen => seen.Situation.Parts.Any(part => part is { Role: "primary", State: "up" })
                ),
                new("The standby is in sync.", seen => seen.Situation.Conductor is { Armed: true }),
            ],
            ["curl {3000}/services/shop-db"],
            [new("Shop.Api/Data", "tables and migrations"), new("Workshop.AppHost/Postgres", "the pair")]
        ),
        new(
            "b-q4",
            "B-Q4",
            "Products, orders, carts",
            "Routes for products (a list with the filters category and inStock, one, create, update in part, delete), for orders (create with products and quantities, list of a user) and for carts (add, show, remove an item). No accounts. Validate every input; JSON; no state in the server.",
            "Those routes, and an idempotency key on each that writes: whoever repeats a request gets the first outcome again, from any server, also after a failover.",
            new(
                "An order's answer is lost on the way, and the client sends it again with the same key. How many orders are there?",
                ["Two", "One", "None: a key can be used once"],
                1,
                "The key is written in the same transaction as the order. The repeat finds it, and gets the first answer."
            ),
            Control.None,
            ("/checkout", "Find the key on the checkout page, with something in your cart"),
            [new("You have ordered something.", seen => seen.Orders)],
            ["curl '{3001}/products?inStock=true&limit=2'", "curl '{3001}/openapi/v1.json'"],
            [
                new("Shop.Api/Products", ""),
                new("Shop.Api/Orders", ""),
                new("Shop.Api/Carts", ""),
                new("Shop.Api/Idempotency", "one key, one order"),
            ]
        ),
        new(
            "b-q5",
            "B-Q5",
            "A front end",
            "A simple front end for the shop.",
            "Pages drawn by the server; every action is a plain form. A web server that is killed loses no cart and no half-filled page, and nothing needs JavaScript.",
            new(
                "Switch JavaScript off. What still works?",
                ["Looking at products", "Everything but live plots", "Nothing"],
                1,
                "Buying is a form, and a form needs no script."
            ),
            Control.None,
            ("/products", "Buy something"),
            [new("You have ordered something.", seen => seen.Orders)],
            ["curl {8080}/products"],
            [new("Shop.Web/Storefront", "the shop"), new("Shop.Web/Site", "what all pages stand on")]
        ),
        new(
            "b-q6",
            "B-Q6",
            "The API server stops",
            "Stop the API server. What does a shopper see? Then fix it, by the registry.",
            "There are two servers. A client whose connection is refused asks the registry's other one, and sends again what may be repeated. The page looks as always; a notice appears only if the wait exceeds two seconds.",
            new(
                "The server that is just answering you is killed. What do you see?",
                ["An error page", "The page, perhaps a moment later", "An empty cart"],
                1,
                "Nothing is kept in the server, and the other one answers."
            ),
            Control.KillServer,
            (
                "/redundancy?fault=kill-server&buyers=both#buyers",
                "Send naive and resilient buyers, with a shop server killed"
            ),
            [
                new("A run survived a killed server.", seen => seen.Survived(mode: null, "kill-server")),
                new(
                    "Naive buyers, beside them, got errors.",
                    seen => seen.Runs.Any(run => run is { Fault: "kill-server", NaiveUnresolved: > 0 })
                ),
                new("Both servers are up again.", seen => seen.IsUp("shop-api-1") && seen.IsUp("shop-api-2")),
            ],
            ["curl -X POST {18880}/resources/shop-api-1/kill", "curl -X POST {18880}/resources/shop-api-1/start"],
            [
                new("Workshop.ServiceDefaults/Discovery", "clients that ask another server"),
                new("Registry/Probes", "who sees it"),
            ]
        ),
        new(
            "b-q7",
            "B-Q7",
            "The database is lost",
            "Flood, fire: the database is gone. Mirror it synchronously, so that a write counts only once both have it: recovery point and recovery time near zero. Keep the first version in Basic_Implementation and this one in Synchronous_Mirroring.",
            "A write is confirmed once both servers have it on disk. The conductor sees the primary go, makes sure that it is dead, promotes the standby and tells the servers.",
            new(
                "The primary is killed while 30 orders are on their way. How many confirmed orders are lost?",
                ["A few", "None", "All 30"],
                1,
                "What was confirmed is on the standby's disk. What was not confirmed is sent again, under its key."
            ),
            Control.KillPrimary,
            ("/redundancy#failover", "Read how long each step took"),
            [
                new("A failover has happened.", seen => seen.Situation.Conductor?.LastFailover is not null),
                new(
                    "It lost no order.",
                    seen => seen.Situation is { Conductor.LastFailover: not null, LostOrders.Count: 0 }
                ),
                new(
                    "A run of buyers survived it in synchronous mode.",
                    seen => seen.Survived("synchronous", "kill-primary")
                ),
            ],
            [
                "curl {3000}/conductor",
                $"dotnet run --project Workshop.AppHost -- --storage basic {Beside}",
                $"dotnet run --project Workshop.AppHost -- --storage synchronous {Beside}",
            ],
            [
                new("Shop.Api/Storage/BasicImplementation", "the workshop's Basic_Implementation"),
                new("Shop.Api/Storage/SynchronousMirroring", "the workshop's Synchronous_Mirroring"),
                new("Registry/Conductor", "decides who is primary"),
            ]
        ),
        new(
            "b-q8",
            "B-Q8",
            "Asynchronous replication",
            "Confirm first, ship later, in batches from a log, in Asynchronous-Replication. What may be lost?",
            "A write is confirmed at once and shipped a moment later. What was on its way when the primary died is lost: it is counted, and each lost order is named.",
            new(
                "Which orders can an asynchronous shop lose?",
                ["Any", "Those confirmed within the last moments before the failure", "Those that were not confirmed"],
                1,
                "What the standby has not received is gone. The lag is the price of the shorter wait, and it is measured."
            ),
            Control.None,
            ("/redundancy#modes", "Compare what was measured in each mode"),
            [
                new(
                    "Buyers bought in asynchronous mode.",
                    seen => seen.Runs.Any(run => run is { Mode: "asynchronous", Acknowledged: > 0 })
                ),
            ],
            [$"dotnet run --project Workshop.AppHost -- --storage asynchronous {Beside}"],
            [new("Shop.Api/Storage/AsynchronousReplication", "the workshop's Asynchronous-Replication")]
        ),
    ];
}
