namespace Workshop.ServiceDefaults.Errors;

/// <summary>
/// The service cannot take this request now, and it is worth asking again: leaves as 503 with <c>Retry-After</c>.
/// The message is shown to the client, so it tells nothing of the inside.
/// </summary>
public class ServiceUnavailableException : Exception
{
    public ServiceUnavailableException() { }

    /// <summary>With words of its own.</summary>
    /// <param name="message">What the client is told.</param>
    public ServiceUnavailableException(string message)
        : base(message) { }

    /// <summary>With words of its own.</summary>
    /// <param name="message">What the client is told.</param>
    /// <param name="innerException">What was wrong, for the logs.</param>
    public ServiceUnavailableException(string message, Exception? innerException)
        : base(message, innerException) { }

    /// <summary>When to ask again; sent in whole seconds, at least one.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(1);
}
