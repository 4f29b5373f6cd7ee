using Predictors.Faults;
using Predictors.Models.Learners;

namespace Predictors;

/// <summary>What this process is: section <c>Predictor</c> of the configuration.</summary>
public sealed record PredictorOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Predictor";

    /// <summary>Name of the learner, one of <see cref="LearnerCatalogue.All"/>.</summary>
    public string Model { get; init; } = "lightgbm";

    /// <summary>Name of the fault; empty for an honest predictor.</summary>
    public string Fault { get; init; } = "";

    /// <summary>
    /// For <c>copycat</c>, and for <c>betrayer</c> while it is trusted: address of the member whose answers are repeated.
    /// </summary>
    public Uri? CopyFrom { get; init; }

    /// <summary>For <c>sleeper</c> and <c>betrayer</c>: answers before the first that is a lie.</summary>
    public int HonestAnswers { get; init; } = 500;

    /// <summary>For <c>slow</c>: how long each answer is held back; the consensus waits 500 ms.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long after it is settled a predictor begins to follow the ledger: a start has more urgent work.</summary>
    public TimeSpan WitnessAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Least time between two signatures of the ledger.</summary>
    public TimeSpan SignEvery { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Whether rows that are held out for scoring are left out of the training of served models.</summary>
    public bool HoldOut { get; init; } = true;

    /// <summary>Folder that outlives the process.</summary>
    public string DataDirectory { get; init; } = "";

    /// <summary>
    /// Folder of the trained models, which predictors may share; empty for <c>models</c> in <see cref="DataDirectory"/>.
    /// </summary>
    public string ModelDirectory { get; init; } = "";

    /// <summary>Reads and checks the options.</summary>
    /// <param name="configuration">The host's configuration.</param>
    /// <param name="contentRoot">Where the data folder is when none is configured.</param>
    /// <param name="options">The options; the defaults when one cannot be read.</param>
    /// <returns>What is wrong, for the person who starts the program; null when all is well.</returns>
    public static string? Read(IConfiguration configuration, string contentRoot, out PredictorOptions options)
    {
        options = new();
        try
        {
            options = configuration.GetSection(Section).Get<PredictorOptions>() ?? options;
        }
        catch (InvalidOperationException unreadable)
        {
            return unreadable.Message;
        }

        var folder = configuration["Workshop:DataDirectory"];
        options = options with
        {
            DataDirectory = string.IsNullOrEmpty(folder) ? Path.Combine(contentRoot, ".workshop") : folder,
        };
        if (options.ModelDirectory.Length == 0)
        {
            options = options with { ModelDirectory = Path.Combine(options.DataDirectory, "models") };
        }

        return options.Problem();
    }

    /// <summary>What is wrong with the options, for the person who starts the program.</summary>
    /// <returns>Null when all is well.</returns>
    public string? Problem()
    {
        if (WitnessAfter < TimeSpan.Zero || SignEvery < TimeSpan.Zero)
        {
            return "Predictor:WitnessAfter and Predictor:SignEvery must be times of 0 or more, for example 00:00:10.";
        }

        if (LearnerCatalogue.Find(Model) is not { } learner)
        {
            return $"Predictor:Model is '{Model}', which is no learner. Learners: {LearnerCatalogue.Names}.";
        }

        if (learner.Lack is { } lack)
        {
            return lack;
        }

        if (Fault.Length > 0 && FaultCatalogue.Find(Fault) is null)
        {
            return $"Predictor:Fault is '{Fault}', which is no fault. Faults: {FaultCatalogue.Names}; empty for none.";
        }

        return FaultCatalogue.Find(Fault) is FaultKind.Copycat && CopyFrom is not { IsAbsoluteUri: true }
            ? "Predictor:Fault is 'copycat', so Predictor:CopyFrom must be the address of the member to copy."
            : null;
    }
}
