using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Workshop.Tests.Fixtures;

/// <summary>A line of a log.</summary>
/// <param name="Text">As people read it.</param>
/// <param name="Values">By the names of the message's holes.</param>
internal sealed record HeardLine(string Text, IReadOnlyDictionary<string, object?> Values);

/// <summary>Keeps what is logged.</summary>
/// <typeparam name="T">Who logs.</typeparam>
internal sealed class HeardLog<T> : ILogger<T>
{
    private readonly ConcurrentQueue<HeardLine> lines = new();

    /// <summary>So far, oldest first.</summary>
    internal IReadOnlyList<HeardLine> Lines => [.. lines];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    ) =>
        lines.Enqueue(
            new(
                formatter(state, exception),
                (state as IEnumerable<KeyValuePair<string, object?>> ?? []).ToDictionary(StringComparer.Ordinal)
            )
        );
}
