using System.Text.Json;
using System.Text.Json.Serialization;

namespace Shop.Web.Predictions;

/// <summary>A member of the prediction network. Money in euros.</summary>
public sealed record Member(
    string Name,
    string Url,
    string State,
    decimal Balance,
    decimal Stake,
    decimal Earned,
    decimal Slashed,
    double Weight,
    double AccuracyEstimate,
    IReadOnlyList<Membership> Memberships,
    IReadOnlyList<HistoryItem>? History,
    LastMiss? LastMiss = null,
    decimal Deposited = 0,
    decimal PaidOut = 0,
    string? MemberToken = null,
    IReadOnlyList<FirstAnswer>? FirstAnswers = null
);

/// <summary>What a newcomer answered to its first question of a network.</summary>
public sealed record FirstAnswer(string Network, string Question, JsonElement Prediction);

/// <summary>Why and when a member last gave no answer.</summary>
public sealed record LastMiss(DateTimeOffset At, string Reason);

/// <summary>A membership of one network.</summary>
public sealed record Membership(
    string Network,
    string State,
    decimal Stake,
    decimal Earned,
    double Weight,
    double AccuracyEstimate,
    double GoldAccuracy,
    double DeclaredAccuracy,
    double ClaimedSkill,
    double Quality,
    double Originality,
    int SlashLevel,
    long Batches,
    decimal Deposit = 0,
    long GoldAsked = 0
);

/// <summary>One entry of a member's history.</summary>
public sealed record HistoryItem(
    long Height,
    string Time,
    string What,
    string? Network,
    long? Batch,
    IReadOnlyList<string>? Events,
    decimal? Paid,
    decimal? Slashed,
    double? Weight
);

/// <summary>The newest batches of a network.</summary>
public sealed record BatchList(string Network, long Count, IReadOnlyList<BatchSummary> Batches);

/// <summary>A batch without its rows.</summary>
public sealed record BatchSummary(
    long Number,
    long Height,
    string Time,
    int Rows,
    int Gold,
    decimal Paid,
    decimal Slashed,
    IReadOnlyList<BatchMember> Members
);

/// <summary>A batch with all that was asked and answered.</summary>
public sealed record Batch(
    string Network,
    long Number,
    long Height,
    string Time,
    decimal Paid,
    decimal Slashed,
    IReadOnlyList<BatchRow> Rows,
    IReadOnlyList<BatchMember> Members,
    string? Seed,
    IReadOnlyList<ToldTruths>? Truths
);

/// <summary>Truths that were told of a batch later.</summary>
public sealed record ToldTruths(long Height, string Time, decimal Slashed, IReadOnlyList<ToldRow> Rows);

/// <summary>One row whose truth was told later.</summary>
public sealed record ToldRow(int Row, JsonElement Truth);

/// <summary>One row of a batch; the truth is known of gold rows, and of rows that it was told of later.</summary>
public sealed record BatchRow(
    IReadOnlyDictionary<string, string> Row,
    bool Gold,
    JsonElement? Truth,
    JsonElement? Consensus,
    IReadOnlyDictionary<string, JsonElement?> Answers,
    IReadOnlyList<double>? Probabilities = null
);

/// <summary>What a batch did to a member.</summary>
public sealed record BatchMember(
    string Name,
    int Answered,
    int Agreed,
    int Compared,
    int GoldRight,
    int GoldWrong,
    double AccuracyEstimate,
    double Weight,
    string? Miss,
    decimal Paid,
    decimal Slashed,
    string State,
    IReadOnlyList<string>? Events,
    double Quality = 0,
    double Originality = 0
);

/// <summary>The consensus's answer; only what is shown of it.</summary>
public sealed record Prediction(PredictionParameters Parameters);

/// <summary>Who contributed to the answer.</summary>
public sealed record PredictionParameters(
    [property: JsonPropertyName("prediction")] JsonElement Value,
    double? Confidence,
    string Method,
    IReadOnlyList<Contributor> Contributors,
    IReadOnlyList<Absent> Absent
);

/// <summary>A member's answer and its weight in the consensus; the weights add to 1.</summary>
public sealed record Contributor(string Name, double Weight, JsonElement Prediction, double? Confidence);

/// <summary>A member that is not in the answer.</summary>
public sealed record Absent(string Name, string Reason);

/// <summary>A network's question, as a member describes it (Open Inference Protocol).</summary>
public sealed record ModelSchema(string Name, IReadOnlyList<ModelInput> Inputs);

/// <summary>One column of the question.</summary>
public sealed record ModelInput(string Name, ModelDomain? Parameters);

/// <summary>What a column may hold.</summary>
public sealed record ModelDomain(
    double? Minimum,
    double? Maximum,
    bool? Whole,
    string? Unit,
    IReadOnlyList<string>? Levels,
    bool Optional
);

/// <summary>How right everybody is, by network, on rows that nobody was trained on.</summary>
public sealed record Evaluation(DateTimeOffset At, IReadOnlyDictionary<string, NetworkEvaluation> Networks);

/// <summary>How right everybody is in one network.</summary>
public sealed record NetworkEvaluation(
    int Rows,
    IReadOnlyList<Evaluated> Members,
    Evaluated Average,
    Evaluated Consensus,
    ReducedEvaluation? Without = null
);

/// <summary>What the others reach together, some members left out.</summary>
public sealed record ReducedEvaluation(IReadOnlyList<string> Members, Evaluated Average, Evaluated Consensus);

/// <summary>What one of them reached; a metric that the network does not have is null, all are where none answered.</summary>
public sealed record Evaluated(
    string Name,
    int Answered,
    Metric? Accuracy,
    Metric? LogLoss,
    Metric? R2,
    Metric? Rmse,
    Metric? MedianAbsoluteError
);

/// <summary>A metric and its standard error.</summary>
public sealed record Metric(double Value, double StandardError);

/// <summary>The ledger in short.</summary>
public sealed record LedgerView(
    long Blocks,
    string Head,
    long Bytes,
    LedgerAccounts Accounts,
    IReadOnlyList<JsonElement> Recent
);

/// <summary>Where the money is; deposits + what was opened = balances + treasury + paid out.</summary>
public sealed record LedgerAccounts(decimal Deposits, decimal Balances, decimal Treasury, decimal PaidOut);

/// <summary>The service's own verification.</summary>
public sealed record LedgerVerification(bool Valid, long Blocks, string? Head, long? Height, string? Reason);

/// <summary>Who holds the ledger, to which height.</summary>
/// <param name="Name">Of the member.</param>
/// <param name="Height">Of the last block that it signed; null before the first.</param>
/// <param name="Hash">Of that block.</param>
/// <param name="Time">When the signature came.</param>
/// <param name="Fork">What it signed that the ledger does not have; null where there is nothing.</param>
public sealed record LedgerWitness(string Name, long? Height, string? Hash, string? Time, LedgerFork? Fork);

/// <summary>Two versions of the ledger.</summary>
public sealed record LedgerFork([property: JsonPropertyName("signed")] LedgerVersion Cosigned, LedgerVersion Shown);

/// <summary>One of them; the block is where the two part, if that is known.</summary>
public sealed record LedgerVersion(long Height, string Hash, string? Block);
