namespace Workshop.AppHost.Embedded.Running;

/// <summary>A command does not fit the state that a resource is in; the message says what would.</summary>
public sealed class WrongStateException : InvalidOperationException
{
    /// <summary>An error without words is of no use to anyone; only serializers and analyzers want this.</summary>
    public WrongStateException() { }

    /// <summary>An error.</summary>
    public WrongStateException(string message)
        : base(message) { }

    /// <summary>An error with its cause.</summary>
    public WrongStateException(string message, Exception innerException)
        : base(message, innerException) { }
}
