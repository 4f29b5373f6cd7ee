using Shop.Web.Predictions;

namespace Shop.Web.Tour;

/// <summary>Workshop A: predictions that many answer for. There is no third question in the text.</summary>
internal static class PredictionQuestions
{
    private const double Apart = 0.05;

    internal static IReadOnlyList<Question> All { get; } =
    [
        new(
            "a-q1",
            "A-Q1",
            "Several models for one question",
            "In a group of three to five, choose a data set: irises, houses or the Titanic. Each builds a model, judges it, and serves it as an API: a GET route that takes the model's arguments and answers in one format for the whole group.",
            "Six learners train on the same three data sets. Each runs as a service of its own and answers in the Open Inference Protocol's format. Your own program can be the seventh.",
            new(
                "Six models see the same flower. How often do they all name the same species?",
                ["Always", "Nearly always: they differ where two species overlap", "About half of the time"],
                1,
                "Setosa stands apart from the others. Versicolor and virginica overlap, and there the models differ."
            ),
            Control.None,
            ("/predictions/iris", "Ask all members about a flower"),
            [
                new("At least three members answer.", seen => seen.Present.Count() >= 3),
                new(
                    "Somebody's own predictor has joined.",
                    seen => seen.Present.Any(member => Strangers.Has(member.Name))
                ),
            ],
            [
                "curl '{4001}/predict?sepalLength=5.1&sepalWidth=3.5&petalLength=1.4&petalWidth=0.2'",
                "curl {4001}/v2/models/titanic",
            ],
            [
                new("Predictors/Models", "the learners"),
                new("Predictors/Predict", "the route and the format"),
                new("samples", "programs of outsiders, in three languages"),
            ]
        ),
        new(
            "a-q2",
            "A-Q2",
            "The group's average",
            "Ask all models of the group, on their own computers, and average what they say. How good is that meta-model?",
            "The consensus asks all members at once and combines their probabilities. A member that is late or down is left out, and the answer goes on. The evaluation puts each member, the plain average and the consensus beside each other, on rows that were held out.",
            new(
                "Is the plain average better than the best single member?",
                ["Always", "Often about as good, and better than most", "Never"],
                1,
                "Errors that differ cancel out; errors that all members share do not. The best member is known only afterwards, the average before."
            ),
            Control.None,
            ("/predictions/evaluation", "Compare members, average and consensus"),
            [
                new("Three members or more are there to be averaged.", seen => seen.Present.Count() >= 3),
                new("The consensus has been asked, and wrote a batch down.", seen => seen.MostBatches > 0),
            ],
            [
                "curl '{4000}/iris/predict?sepalLength=5.1&sepalWidth=3.5&petalLength=1.4&petalWidth=0.2'",
                "curl {4000}/evaluation",
            ],
            [new("Consensus/Predict", "asks all, combines"), new("Consensus/Evaluation", "one beside many")]
        ),
        new(
            "a-q4",
            "A-Q4",
            "Weights that follow performance",
            "Open the network to anybody, honest or not. Give each model a weight from 0 to 1, and move it with each batch by how the model does against the group's consensus.",
            "A weight is claimed skill × quality × originality. Quality falls with wrong answers, originality with answers that others give too. Each batch of 32 questions moves them.",
            new(
                "A member repeats what the best member says, word for word. What happens to the weights of the two?",
                ["Both keep theirs", "They share one voice", "The copier gets all of it"],
                1,
                "Two who always say the same know no more than one. Originality falls for both, and together they weigh about as much as one."
            ),
            Control.Batches,
            ("/predictions/titanic", "Watch the lines of all members"),
            [
                new("A network has run ten batches.", seen => seen.MostBatches >= 10),
                new(
                    "Weights of active members lie apart.",
                    seen => PredictionsOf(seen).Any(weights => weights.Max() - weights.Min() > Apart)
                ),
            ],
            [
                "curl -X POST {4000}/titanic/batches -H 'Content-Type: application/json' -d '{ \"size\": 32 }'",
                "curl {4000}/predictors",
            ],
            [
                new("Workshop.Ledger/Mechanism", "all rules, as pure functions"),
                new("Consensus/Batches", "asks, scores, writes down"),
            ]
        ),
        new(
            "a-q5",
            "A-Q5",
            "Deposits, and what cheating costs",
            "Ask for a deposit at registration, say 1000 euros. Fine what harms accuracy or trust, such as being wrong again and again. Let weights follow performance and fines, and keep the balances in a JSON database of your own.",
            "Each member puts down €1,000 for each network and claims an accuracy. That is a bet on rows whose truth the consensus knows: a member that is wrong far more often than it claimed is slashed. Every step is a line of JSON in the ledger.",
            new(
                "The sleeper is honest until it has weight, then lies. When is it fined first?",
                ["Before its first lie", "Within a few batches of its first lie", "Never: it is trusted by then"],
                1,
                "The bet against its claim wins capital with each wrong row. A few batches of lies are enough to slash it."
            ),
            Control.Sleeper,
            ("/predictions#attackers", "Choose another attacker"),
            [
                new("Members have put down deposits.", seen => seen.Present.Any(member => member.Deposited > 0)),
                new("Somebody has lost money.", seen => seen.Members.Any(member => member.Slashed > 0)),
                new(
                    "Somebody was jailed or ejected.",
                    seen =>
                        seen.Members.Any(member => member.Memberships.Any(one => one.State is "jailed" or "ejected"))
                ),
            ],
            ["curl {4000}/predictors", "curl {4000}/ledger"],
            [
                new("Workshop.Ledger/Mechanism", "bets and slashing"),
                new("Consensus/Members", "joining and leaving"),
                new("Workshop.Ledger/Blocks", "the JSON database: one block a line"),
            ]
        ),
        new(
            "a-d",
            "A, definition",
            "Nobody governs: everybody can check",
            "Decentralised means that nobody governs: each participant holds a copy of the ledger and can validate it alone.",
            "The ledger is a file that anybody can download. Each block carries the hash of the one before, and a replay gives every balance and weight again: who has the file needs to trust nobody's word.",
            new(
                "Somebody changes one digit of an old block in a copy and recomputes that block's hash. Who notices?",
                ["Nobody", "Whoever looks at the next block", "Only the operator"],
                1,
                "The next block names the old hash. To hide the change, all blocks after it have to be made again, and every other copy says otherwise."
            ),
            Control.None,
            ("/predictions/ledger?look=rehash", "Tamper with a copy"),
            [new("The ledger holds batches to be checked.", seen => seen.MostBatches > 0)],
            ["curl {4000}/ledger/verify", "curl {4000}/ledger/download"],
            [new("Workshop.Ledger/Blocks", "the chain, its replay, its verification")]
        ),
    ];

    private static IEnumerable<double[]> PredictionsOf(Evidence seen) =>
        seen
            .Members.SelectMany(member => member.Memberships)
            .Where(one => one.State is "active")
            .GroupBy(one => one.Network, one => one.Weight, StringComparer.Ordinal)
            .Select(weights => weights.ToArray());
}
