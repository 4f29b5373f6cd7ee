namespace Workshop.AppHost.Embedded.Hosting;

/// <summary>The host cannot go on, and a person can do something about it: the message says what.</summary>
public sealed class HostException : Exception
{
    /// <summary>An error without words is of no use to anyone; only serializers and analyzers want this.</summary>
    public HostException() { }

    /// <summary>An error.</summary>
    public HostException(string message)
        : base(message) { }

    /// <summary>An error with its cause.</summary>
    public HostException(string message, Exception innerException)
        : base(message, innerException) { }
}
