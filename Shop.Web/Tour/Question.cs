namespace Shop.Web.Tour;

/// <summary>What a reader thinks before trying.</summary>
/// <param name="Asked">The question.</param>
/// <param name="Choices">Answers to choose from.</param>
/// <param name="Right">Which of them is right, from 0.</param>
/// <param name="Because">Why.</param>
public sealed record Guess(string Asked, IReadOnlyList<string> Choices, int Right, string Because);

/// <summary>Something that can be seen to have happened.</summary>
/// <param name="Words">What.</param>
/// <param name="Holds">Whether it has.</param>
public sealed record Tick(string Words, Func<Evidence, bool> Holds);

/// <summary>A folder of code.</summary>
/// <param name="Folder">In the repository.</param>
/// <param name="What">What it does; the workshop's own name for it, where that is another.</param>
public sealed record CodeFolder(string Folder, string What);

/// <summary>One question of the workshop, as a page.</summary>
/// <param name="Id">In addresses.</param>
/// <param name="Number">As the workshop numbers it.</param>
/// <param name="Title">In short.</param>
/// <param name="Asked">What is asked for, in our words.</param>
/// <param name="Here">What answers it here.</param>
/// <param name="Guess">Predict first.</param>
/// <param name="Control">What to press on the page.</param>
/// <param name="Try">A page to go on to, and what to do there.</param>
/// <param name="Ticks">Evidence.</param>
/// <param name="Commands">From a terminal; <c>{4000}</c> stands for the service of that port.</param>
/// <param name="Code">Where the code lives.</param>
public sealed record Question(
    string Id,
    string Number,
    string Title,
    string Asked,
    string Here,
    Guess Guess,
    Control Control,
    (string Address, string Label) Try,
    IReadOnlyList<Tick> Ticks,
    IReadOnlyList<string> Commands,
    IReadOnlyList<CodeFolder> Code
)
{
    /// <summary>Both parts, in the workshop's order.</summary>
    public static IReadOnlyList<Question> All { get; } = [.. PredictionQuestions.All, .. ShopQuestions.All];

    /// <summary>Finds a question; null for none.</summary>
    /// <param name="id">As in addresses.</param>
    public static Question? Find(string id) =>
        All.FirstOrDefault(question => string.Equals(question.Id, id, StringComparison.OrdinalIgnoreCase));
}

/// <summary>What a question's page lets its reader press.</summary>
public enum Control
{
    /// <summary>Nothing beyond the link.</summary>
    None,

    /// <summary>Run batches of the titanic network.</summary>
    Batches,

    /// <summary>Start the sleeper.</summary>
    Sleeper,

    /// <summary>Kill the first shop server.</summary>
    KillServer,

    /// <summary>Kill the primary database.</summary>
    KillPrimary,
}
