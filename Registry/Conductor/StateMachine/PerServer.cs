namespace Registry.Conductor.StateMachine;

/// <summary>The names of the pair's servers, which are also the host's names of its resources.</summary>
internal static class ServerNames
{
    /// <summary>At the first start it is the primary; basic mode has it alone.</summary>
    public const string First = "postgres-1";

    /// <summary>The second server.</summary>
    public const string Second = "postgres-2";

    /// <summary>The other one of the two.</summary>
    public static string Other(string server) => server is First ? Second : First;
}

/// <summary>The same of each server.</summary>
internal readonly record struct PerServer<T>(T First, T Second)
{
    /// <summary>One server's.</summary>
    public T this[string server] => server is ServerNames.First ? First : Second;

    /// <summary>With another value for one server.</summary>
    public PerServer<T> With(string server, T value) =>
        server is ServerNames.First ? new(value, Second) : new(First, value);
}
