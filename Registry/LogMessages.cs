namespace Registry;

/// <summary>All log messages of the registry. Event ids 1400-1499.</summary>
internal static partial class LogMessages
{
    [LoggerMessage(1400, LogLevel.Debug, "Probe of {Address} failed: {Error}")]
    internal static partial void ProbeFailed(ILogger logger, string address, HttpRequestError error);

    [LoggerMessage(1401, LogLevel.Information, "{Instance} of {Service} registered at {Address}")]
    internal static partial void Registered(ILogger logger, string service, string instance, string address);

    [LoggerMessage(1402, LogLevel.Information, "{Instance} of {Service} left")]
    internal static partial void Left(ILogger logger, string service, string instance);

    [LoggerMessage(1410, LogLevel.Information, "Rule {Number} applies in term {Term}: {Name}; {Action}")]
    internal static partial void RuleApplies(
        ILogger logger,
        int number,
        string name,
        Conductor.StateMachine.Action action,
        long term
    );

    [LoggerMessage(1411, LogLevel.Information, "{What}: {Detail}")]
    internal static partial void ConductorNote(ILogger logger, string what, string detail);

    [LoggerMessage(1412, LogLevel.Warning, "What rule {Number} tells ({Action}) could not be done")]
    internal static partial void ActionFailed(
        ILogger logger,
        Exception exception,
        int number,
        Conductor.StateMachine.Action action
    );

    [LoggerMessage(1413, LogLevel.Error, "{Alarm}")]
    internal static partial void PrimaryInDoubt(ILogger logger, string alarm);

    [LoggerMessage(1420, LogLevel.Information, "This registry leads in term {Term}, with {Count} leases")]
    internal static partial void Leads(ILogger logger, long term, int count);

    [LoggerMessage(1421, LogLevel.Warning, "What the registries decided cannot be written beside the log: {Reason}")]
    internal static partial void NotWritten(ILogger logger, string reason);
}
