namespace Workshop.Ledger.Blocks;

/// <summary>
/// A ledger cannot be opened as it is, and a person has to decide. The message is one sentence for that person.
/// </summary>
public sealed class LedgerRefusedException : Exception
{
    /// <summary>Without words of its own.</summary>
    public LedgerRefusedException()
        : base("The ledger cannot be opened.") { }

    /// <summary>With the sentence.</summary>
    public LedgerRefusedException(string message)
        : base(message) { }

    /// <summary>With the sentence, and what was wrong.</summary>
    public LedgerRefusedException(string message, Exception innerException)
        : base(message, innerException) { }
}
