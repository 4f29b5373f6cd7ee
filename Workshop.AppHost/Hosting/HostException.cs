namespace Workshop.AppHost.Hosting;

/// <summary>The workshop cannot go on, and a person can do something about it: the message says what.</summary>
public sealed class HostException : Exception
{
    /// <summary>The exit code for a command line that cannot be understood.</summary>
    internal const int Misuse = 2;

    /// <summary>An error without words is of no use to anyone; only serializers and analyzers want this.</summary>
    public HostException() { }

    /// <summary>An error.</summary>
    public HostException(string message)
        : base(message) { }

    /// <summary>An error with its cause.</summary>
    public HostException(string message, Exception innerException)
        : base(message, innerException) { }

    /// <summary>What the process ends with.</summary>
    internal int ExitCode { get; init; } = 1;
}
