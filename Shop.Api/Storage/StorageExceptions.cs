using Workshop.ServiceDefaults.Errors;

namespace Shop.Api.Storage;

/// <summary>The database cannot take the request now. Nothing of it was written, and nothing of it will be.</summary>
public sealed class StorageUnavailableException : ServiceUnavailableException
{
    private const string Told =
        "The shop's database cannot take the request now. Nothing was changed; please try again.";

    public StorageUnavailableException()
        : base(Told) { }

    /// <summary>With words of its own.</summary>
    /// <param name="message">What the client is told.</param>
    public StorageUnavailableException(string message)
        : base(message) { }

    /// <summary>With words of its own.</summary>
    /// <param name="message">What the client is told.</param>
    /// <param name="innerException">What was wrong, for the logs.</param>
    public StorageUnavailableException(string message, Exception? innerException)
        : base(message, innerException) { }

    /// <summary>With the usual words.</summary>
    /// <param name="cause">What was wrong, for the logs.</param>
    public StorageUnavailableException(Exception? cause)
        : base(Told, cause) { }
}

/// <summary>
/// A commit was sent and its outcome is not known: it may have happened, and may be lost with its server. Only the
/// current primary can tell, by the idempotency key.
/// </summary>
public sealed class CommitUnknownException : ServiceUnavailableException
{
    private const string Told = "It is not known yet whether this was stored.";

    public CommitUnknownException()
        : base(Told) { }

    /// <summary>With words of its own.</summary>
    /// <param name="message">What the client is told.</param>
    public CommitUnknownException(string message)
        : base(message) { }

    /// <summary>With words of its own.</summary>
    /// <param name="message">What the client is told.</param>
    /// <param name="innerException">What was wrong, for the logs.</param>
    public CommitUnknownException(string message, Exception? innerException)
        : base(message, innerException) { }

    /// <summary>With the usual words.</summary>
    /// <param name="cause">What was wrong, for the logs.</param>
    public CommitUnknownException(Exception? cause)
        : base(Told, cause) { }
}
