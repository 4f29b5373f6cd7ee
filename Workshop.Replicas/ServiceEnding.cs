using DotNext.IO.Log;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Workshop.Replicas;

/// <summary>Ends a service that is running and must not go on.</summary>
internal sealed class ServiceEnding(IHostApplicationLifetime lifetime)
{
    private volatile string? sentence;

    /// <summary>What is said at the end; null where nothing is wrong.</summary>
    internal string? Sentence => sentence;

    /// <summary>Stops the service; what was said first stands.</summary>
    internal void End(string reason)
    {
        sentence ??= reason;
        lifetime.StopApplication();
    }
}

/// <summary>A service that cannot begin as it is configured, in one sentence.</summary>
public sealed class StartRefusedException : Exception
{
    /// <summary>Without words of its own.</summary>
    public StartRefusedException()
        : base("The service cannot begin as it is configured.") { }

    /// <summary>With the sentence.</summary>
    public StartRefusedException(string message)
        : base(message) { }

    /// <summary>With the sentence, and what was wrong.</summary>
    public StartRefusedException(string message, Exception innerException)
        : base(message, innerException) { }
}

/// <summary>The end of a service that must not go on.</summary>
internal static class EndingRun
{
    /// <summary>Exit code of a service that was ended with a sentence.</summary>
    internal const int Ended = 3;

    /// <summary>What helps a replica whose files are damaged.</summary>
    internal const string BeginAnew =
        "Keep this service's folder elsewhere and start without it: it fetches what the others have.";

    /// <summary>Runs the service; what may not begin or go on ends with one sentence and exit code 3.</summary>
    /// <param name="app">The service.</param>
    /// <param name="map">Makes its pipeline, for which what it stands on is opened.</param>
    internal static async Task<int> RunToEnd(this WebApplication app, Action map)
    {
        try
        {
            map();
            var ending = app.Services.GetRequiredService<ServiceEnding>();
            await app.RunAsync();
            return ending.Sentence is { } sentence ? await Say(sentence) : 0;
        }
        catch (StartRefusedException refusal)
        {
            return await Say(refusal.Message);
        }
        catch (IntegrityException damaged)
        {
            return await Say($"The replicas' log is damaged: {damaged.Message} {BeginAnew}");
        }
    }

    /// <summary>Says why.</summary>
    /// <returns>The exit code.</returns>
    internal static async Task<int> Say(string sentence)
    {
        await Console.Error.WriteLineAsync(sentence);
        return Ended;
    }
}
