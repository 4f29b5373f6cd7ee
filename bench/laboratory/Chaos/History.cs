namespace LaboratoryBench.Chaos;

/// <summary>How a call ended, as its client knows it.</summary>
public enum Outcome
{
    /// <summary>Answered with what was asked for: an acknowledged write, or a read.</summary>
    Ok,

    /// <summary>Answered with a definite no: nothing was written.</summary>
    Refused,

    /// <summary>A read that got no answer.</summary>
    Failed,

    /// <summary>A write that got no answer, or one that does not say: it may have happened.</summary>
    Unknown,
}

/// <summary>What a call asked for.</summary>
public enum CallKind
{
    /// <summary>Buys at once, under an idempotency key of its own.</summary>
    Buy,

    /// <summary>Lists all orders of the user.</summary>
    List,

    /// <summary>Adds a product to the user's cart, under a key.</summary>
    AddToCart,

    /// <summary>Makes an order of the user's cart, under a key.</summary>
    CheckOut,

    /// <summary>Empties the user's cart.</summary>
    EmptyCart,

    /// <summary>Reads the user's cart.</summary>
    LookAtCart,
}

/// <summary>So many pieces of a product.</summary>
/// <param name="Product">The product.</param>
/// <param name="Quantity">How many.</param>
public sealed record Line(Guid Product, int Quantity);

/// <summary>One line of the journal. Calls of one user never overlap, so their order is that of the journal.</summary>
/// <param name="Number">Counts the calls by their invocation.</param>
/// <param name="Kind">What it asked for.</param>
/// <param name="User">Who called.</param>
/// <param name="Key">The idempotency key; empty where there is none.</param>
/// <param name="Asked">What was to be bought, or added to the cart.</param>
/// <param name="Invoked">When it was invoked, since the start of the run.</param>
/// <param name="Ended">When its end was known.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Order">The acknowledged order.</param>
/// <param name="Listed">The orders that a list showed.</param>
/// <param name="Told">What the answer said is in the order, or in the cart.</param>
/// <param name="Why">What stood in place of an answer; for people.</param>
public sealed record Call(
    long Number,
    CallKind Kind,
    string User,
    string Key,
    IReadOnlyList<Line> Asked,
    TimeSpan Invoked,
    TimeSpan Ended,
    Outcome Outcome,
    Guid? Order,
    IReadOnlyList<Guid> Listed,
    IReadOnlyList<Line> Told,
    string? Why = null
)
{
    /// <summary>It asks for an order.</summary>
    public bool IsPurchase => Kind is CallKind.Buy or CallKind.CheckOut;

    /// <summary>It changes or reads a cart.</summary>
    public bool IsAboutCart => Kind is not (CallKind.Buy or CallKind.List);
}

/// <summary>An order that is in the database at the end.</summary>
/// <param name="Id">Its id.</param>
/// <param name="User">Whose it is.</param>
/// <param name="Key">The idempotency key under which its outcome is recorded; null when there is none.</param>
/// <param name="Lines">What was bought.</param>
public sealed record StoredOrder(Guid Id, string User, string? Key, IReadOnlyList<Line> Lines);

/// <summary>Stock of one product.</summary>
/// <param name="Initial">At the start.</param>
/// <param name="Left">At the end.</param>
public sealed record Stock(int Initial, int Left);

/// <summary>What a failover of asynchronous replication admits to have lost.</summary>
/// <param name="Orders">The order ids that the shop lists as lost.</param>
/// <param name="CrashedAt">When the primary went, since the start of the run.</param>
/// <param name="Lag">The lag that was shown before.</param>
public sealed record AdmittedLoss(IReadOnlyList<Guid> Orders, TimeSpan CrashedAt, TimeSpan Lag);

/// <summary>Everything that the checker judges.</summary>
/// <param name="Calls">The journal, by number.</param>
/// <param name="Orders">All orders at the end.</param>
/// <param name="Stock">All products at the end.</param>
/// <param name="Losses">Admitted losses; none where nothing may be lost.</param>
public sealed record History(
    IReadOnlyList<Call> Calls,
    IReadOnlyList<StoredOrder> Orders,
    IReadOnlyDictionary<Guid, Stock> Stock,
    IReadOnlyList<AdmittedLoss> Losses
);
