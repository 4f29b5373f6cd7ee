namespace Workshop.ServiceDefaults.Errors;

/// <summary>
/// A part of the request breaks its rule, found while the framework binds it, where only an exception can say so: leaves
/// as 400 with <c>errors</c>.
/// </summary>
public sealed class InvalidRequestException : Exception
{
    public InvalidRequestException()
        : this(new Dictionary<string, string[]>(StringComparer.Ordinal)) { }

    /// <summary>The request as a whole is wrong.</summary>
    /// <param name="message">What is wrong with the request as a whole.</param>
    public InvalidRequestException(string message)
        : this("request", message) { }

    /// <summary>The request as a whole is wrong.</summary>
    /// <param name="message">What is wrong with the request as a whole.</param>
    /// <param name="innerException">How it was found.</param>
    public InvalidRequestException(string message, Exception innerException)
        : base(message, innerException) =>
        Errors = new Dictionary<string, string[]>(StringComparer.Ordinal) { ["request"] = [message] };

    /// <summary>One member is wrong.</summary>
    /// <param name="member">The member, parameter or header.</param>
    /// <param name="rule">What it has to be, for a person.</param>
    public InvalidRequestException(string member, string rule)
        : this(new Dictionary<string, string[]>(StringComparer.Ordinal) { [member] = [rule] }) { }

    /// <summary>Several members are wrong.</summary>
    /// <param name="errors">Member to the rules that it breaks.</param>
    public InvalidRequestException(IDictionary<string, string[]> errors) => Errors = errors;

    /// <summary>Member, parameter or header to the rules that it breaks.</summary>
    public IDictionary<string, string[]> Errors { get; }
}
