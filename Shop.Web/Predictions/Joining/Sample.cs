namespace Shop.Web.Predictions.Joining;

/// <summary>A predictor of the repository that somebody can start from.</summary>
/// <param name="Language">What it is written in.</param>
/// <param name="Folder">Where it is.</param>
/// <param name="Network">What it answers.</param>
/// <param name="Command">What starts it, in the repository's own folder.</param>
public sealed record Sample(string Language, string Folder, string Network, string Command)
{
    /// <summary>One for each language; each listens on a port of its own.</summary>
    public static IReadOnlyList<Sample> All { get; } =
    [
        new(
            "Python with Flask",
            "samples/flask-predictor",
            "iris",
            "/usr/bin/python3 samples/flask-predictor/app.py --port 5300"
        ),
        new("Node, no packages", "samples/node-predictor", "titanic", "node samples/node-predictor/app.js --port 5301"),
        new(
            "C#, one file",
            "samples/csharp-predictor",
            "housing",
            "dotnet run samples/csharp-predictor/app.cs -- --port 5302"
        ),
    ];
}
