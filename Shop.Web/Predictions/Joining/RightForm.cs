namespace Shop.Web.Predictions.Joining;

/// <summary>A question of a network, and an answer in the right form.</summary>
/// <param name="Network">Which network.</param>
/// <param name="Question">What the consensus asks, after the member's address.</param>
/// <param name="Answer">JSON that it can read.</param>
/// <param name="Claim">What the claimed accuracy is of, in words.</param>
public sealed record RightForm(string Network, string Question, string Answer, string Claim)
{
    /// <summary>One for each network. The consensus reads <c>outputs</c>; other members of the answer are for people.</summary>
    public static IReadOnlyList<RightForm> All { get; } =
    [
        new(
            "iris",
            "/iris/predict?sepalLength=5.1&sepalWidth=3.5&petalLength=1.4&petalWidth=0.2",
            """
            { "outputs": [ {
                "name": "probabilities", "shape": [1, 3],
                "datatype": "FP64", "data": [0.98, 0.015, 0.005],
                "parameters": { "labels": ["setosa", "versicolor", "virginica"] }
            } ] }
            """,
            "the share of flowers that it names rightly"
        ),
        new(
            "titanic",
            "/titanic/predict?passengerClass=1&sex=female&age=33&…",
            """
            { "outputs": [ {
                "name": "probabilities", "shape": [1, 2],
                "datatype": "FP64", "data": [0.1, 0.9],
                "parameters": { "labels": ["0", "1"] }
            } ] }
            """,
            "the share of passengers whose fate it tells rightly"
        ),
        new(
            "housing",
            "/housing/predict?neighborhood=Somerset&livingArea=1252&…",
            """
            { "outputs": [ {
                "name": "value", "shape": [1],
                "datatype": "FP64", "data": [181000]
            } ] }
            """,
            "the share of houses that it prices within 20 % of the truth"
        ),
    ];
}
