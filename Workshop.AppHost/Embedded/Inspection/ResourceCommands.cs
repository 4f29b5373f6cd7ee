using Microsoft.AspNetCore.Http;
using Workshop.AppHost.Embedded.Hosting;
using Workshop.AppHost.Embedded.Running;

namespace Workshop.AppHost.Embedded.Inspection;

/// <summary>Why a command was not carried out.</summary>
/// <param name="Status">The HTTP status that says so.</param>
/// <param name="Message">What is wrong, and what would be right.</param>
internal sealed record CommandFailure(int Status, string Message);

/// <summary>What a command takes beside its name.</summary>
/// <param name="Primary">For <c>rejoin</c>: the server to follow, or null for the other of the pair.</param>
/// <param name="Fence">For <c>kill</c> of a database server: it stays down.</param>
/// <param name="Unfence">For <c>start</c> of one that was fenced.</param>
internal sealed record CommandOptions(string? Primary = null, bool? Fence = null, bool? Unfence = null);

/// <summary>The commands on a resource, whoever gives them: a page, a command line or Aspire's dashboard.</summary>
internal static class ResourceCommands
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(6);

    /// <summary>Carries out a command to its end, also when whoever gave it has hung up.</summary>
    /// <param name="runner">The resource.</param>
    /// <param name="command">One of its commands.</param>
    /// <param name="options">What the command takes beside its name.</param>
    /// <param name="supervisor">Knows the other resources.</param>
    /// <returns>Null when it is done.</returns>
    internal static async Task<CommandFailure?> Execute(
        Runner runner,
        string command,
        CommandOptions options,
        Supervisor supervisor
    )
    {
        if (!runner.Commands.Contains(command, StringComparer.Ordinal))
        {
            var known = string.Join(", ", runner.Commands);
            return new(StatusCodes.Status404NotFound, $"{runner.Name} has no command '{command}'; it has {known}.");
        }

        try
        {
            await Run(runner, command, options, supervisor);
            return null;
        }
        catch (WrongStateException e)
        {
            return new(StatusCodes.Status409Conflict, e.Message);
        }
        catch (ArgumentException e)
        {
            return new(StatusCodes.Status400BadRequest, e.Message);
        }
        catch (Exception e) when (e is HostException or TimeoutException)
        {
            return new(StatusCodes.Status500InternalServerError, e.Message);
        }
    }

    private static Task Run(Runner runner, string command, CommandOptions options, Supervisor supervisor)
    {
        var ct = CancellationToken.None;
        return (command, runner) switch
        {
            ("start", DatabaseRunner database) when options.Unfence is true => database.StartUnfenced(ct),
            ("start", _) => runner.Start(ct),
            ("stop", _) => runner.Stop(StopLimit, ct),
            ("restart", _) => runner.Restart(StopLimit, ct),
            ("kill", DatabaseRunner database) when options.Fence is true => database.Fence(ct),
            ("kill", _) => runner.Kill(ct),
            ("pause", DatabaseRunner database) => database.Pause(ct),
            ("resume", DatabaseRunner database) => database.Resume(ct),
            ("rejoin", DatabaseRunner database) => database.Rejoin(
                FindPrimary(database, options.Primary, supervisor),
                ct
            ),
            _ => throw new ArgumentException($"'{command}' is not a command of {runner.Name}.", nameof(command)),
        };
    }

    /// <summary>The server to rejoin: the named one, else the other of the pair.</summary>
    private static DatabaseRunner FindPrimary(DatabaseRunner database, string? name, Supervisor supervisor)
    {
        var found = name is null ? database.Partner : supervisor.Find(name) as DatabaseRunner;
        return found is not null && found != database
            ? found
            : throw new ArgumentException(
                $"{name ?? "(none)"} is not a server that {database.Name} could rejoin.",
                nameof(name)
            );
    }
}
